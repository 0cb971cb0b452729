// GETs of what it is told, over and over on so many connections, in a process of its own; tells how many were answered in a second.
import { Pool } from 'undici';

process.on('message', (job) => void call(job));
process.on('disconnect', () => process.exit());

async function call({ url, headers, connections, seconds }) {
  const { origin, pathname: path } = new URL(url);
  const pool = new Pool(origin, { connections, pipelining: 1 });
  const until = performance.now() + seconds * 1000;
  let answered = 0;
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (performance.now() < until) {
        const { statusCode, body } = await pool.request({ method: 'GET', path, headers });
        await body.dump();
        if (statusCode !== 200) throw new Error(`${url} answered ${statusCode}`);
        answered += 1;
      }
    }),
  );
  await pool.destroy();
  process.send({ rate: answered / seconds });
}
