/** `localhost`, 127.0.0.0/8 and ::1, as URL's `hostname` spells them. */
export function isLoopback(hostname: string): boolean {
  return /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/i.test(hostname);
}
