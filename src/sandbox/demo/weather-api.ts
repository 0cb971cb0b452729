import { createHash } from 'node:crypto';
import { z } from 'zod';
import { sameText } from '../../http/same-text.ts';
import { type DemoServer, listenerOf, startHttpServer } from './http-server.ts';
import { createProblemApp, onlyMethods, problem } from './problem.ts';

interface DayForecast {
  /** 0 is today. */
  day: number;
  condition: string;
  high_celsius: number;
  low_celsius: number;
  rain_percent: number;
}

const conditions = ['sunny', 'partly cloudy', 'cloudy', 'showers', 'rain', 'thunderstorms', 'snow'] as const;

const forecastQuery = z.object({
  city: z.string().trim().min(1).max(100),
  days: z.coerce.number().int().min(1).max(7).default(3),
});

/** The same city and day always have the same weather. */
function forecast(city: string, day: number): DayForecast {
  const hash = createHash('sha256').update(`${city.toLowerCase()}#${day}`).digest();
  const low = (hash.readUInt8(0) % 25) - 5;
  return {
    day,
    condition: conditions[hash.readUInt8(1) % conditions.length] ?? 'sunny',
    high_celsius: low + 3 + (hash.readUInt8(2) % 10),
    low_celsius: low,
    rain_percent: hash.readUInt8(3) % 101,
  };
}

/** A REST API that wants its key in the header `X-Api-Key`: `GET /v1/forecast?city=…&days=1..7`. */
export function startWeatherApi(apiKey: string): Promise<DemoServer> {
  return startHttpServer(() => {
    const app = createProblemApp();
    app.use('/v1/*', async (c, next) => {
      if (sameText(c.req.header('x-api-key') ?? '', apiKey)) return next();
      return c.json(
        { error: { code: 'invalid_api_key', message: 'The header X-Api-Key lacks a valid key.' } },
        401,
      );
    });
    app.get('/v1/forecast', (c) => {
      const query = forecastQuery.safeParse(c.req.query());
      if (!query.success) {
        return problem(400, 'Give a city, and days from 1 to 7.', {
          members: { invalid: query.error.issues.map(({ path }) => path.join('.')) },
        });
      }
      const { city, days } = query.data;
      return c.json({ city, days: Array.from({ length: days }, (_, day) => forecast(city, day)) });
    });
    app.all('/v1/forecast', onlyMethods('GET'));
    return listenerOf(app);
  });
}
