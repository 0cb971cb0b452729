import { type Timestamp, timestampDate } from '@bufbuild/protobuf/wkt';

/** ISO 8601 in UTC, or null where Scalekit sent none. */
export function isoTime(timestamp: Timestamp | undefined): string | null {
  return timestamp === undefined ? null : timestampDate(timestamp).toISOString();
}
