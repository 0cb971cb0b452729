/** What stderr holds of an error: what failed in one line, and a next one that says what to do. */
export function failure(line: string, hint = ''): RegExp {
  return new RegExp(`^error: ${literally(line)}\n  → [^\n]*${literally(hint)}[^\n]*\n$`);
}

function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
