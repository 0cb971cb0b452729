import { inline } from '../html/document.ts';

/**
 * Puts what the sandbox renders in the place of what is shown. A part in which text is selected waits until it is not; focus stays on the
 * element that had it. A hidden page hangs up: a browser has six connections to a host, for all of its tabs.
 */
export const DASHBOARD_SCRIPT = inline(`
(() => {
  const state = document.getElementById('live');
  const waiting = new Map();
  let source, retry;
  const say = (text) => { if (state.textContent !== text) state.textContent = text };
  const isSelected = (part) => {
    const selection = getSelection();
    return selection !== null && !selection.isCollapsed && selection.containsNode(part, true);
  };
  const swap = (id, html) => {
    const part = document.getElementById(id);
    if (part === null) return location.reload();
    if (isSelected(part)) return waiting.set(id, html);
    waiting.delete(id);
    const focused = part.contains(document.activeElement) ? document.activeElement.id : '';
    part.innerHTML = html;
    if (focused !== '') document.getElementById(focused)?.focus({ preventScroll: true });
  };
  const close = () => { clearTimeout(retry); source?.close(); source = undefined };
  const open = () => {
    close();
    source = new EventSource('/sandbox/live');
    source.onopen = () => say('Live');
    source.onmessage = ({ data }) => { const { id, html } = JSON.parse(data); swap(id, html) };
    source.onerror = () => {
      say('Not connected; trying again');
      if (source?.readyState === EventSource.CLOSED) retry = setTimeout(open, 3000);
    };
  };
  const follow = () => { if (document.hidden) close(); else open() };
  document.addEventListener('selectionchange', () => { for (const [id, html] of waiting) swap(id, html) });
  document.addEventListener('visibilitychange', follow);
  addEventListener('pagehide', close);
  addEventListener('pageshow', ({ persisted }) => { if (persisted) follow() });
  follow();
})();
`);
