import { html } from 'hono/html';
import { isoTime } from '../clock.ts';
import type { Html } from '../html/document.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Made once: it takes longer than all that it is used for. */
const TIME_OF_DAY = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });

/** `45 s`, `9 min`, `3 h`, `12 d`: rounded down, the way a countdown is read. */
export function duration(ms: number): string {
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`;
  if (ms < 2 * DAY) return `${Math.floor(ms / HOUR)} h`;
  return `${Math.floor(ms / DAY)} d`;
}

/** When something was, coarsely: text that changes every second would be sent every second. */
export function ago(at: number, now: number): Html {
  const elapsed = now - at;
  return time(at, elapsed < MINUTE ? 'just now' : `${duration(elapsed)} ago`);
}

export function until(at: number, now: number): Html {
  return time(at, at > now ? `in ${duration(at - now)}` : 'over');
}

/** The time of day on this machine, where browser and sandbox both are. */
export function timeOfDay(iso: string): Html {
  const at = Date.parse(iso);
  return time(at, TIME_OF_DAY.format(at));
}

/** `2026-11-21 17:02:11 UTC` */
export function fullTime(at: number): Html {
  return time(at, `${isoTime(at).slice(0, 19).replace('T', ' ')} UTC`);
}

function time(at: number, text: string): Html {
  const iso = isoTime(at);
  return html`<time datetime="${iso}" title="${iso}">${text}</time>`;
}
