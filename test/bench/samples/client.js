// The set-up of the starting pages' samples.
import { ScalekitClient } from '@scalekit-sdk/node';
import 'dotenv/config';

export const connectionName = process.env.SCALEKIT_CONNECTION_NAME;
export const identifier = process.env.SCALEKIT_IDENTIFIER;

export const scalekit = new ScalekitClient(
  process.env.SCALEKIT_ENV_URL,
  process.env.SCALEKIT_CLIENT_ID,
  process.env.SCALEKIT_CLIENT_SECRET,
);
