/** Splits a text that comes in parts into lines, and reads none of it twice. */
export interface Lines {
  /** The lines that this part ends. */
  write(text: string): string[];
  /** The last one, where nothing ends it. */
  end(): string[];
}

export function createLines(separator: string): Lines {
  let unfinished: string[] = [];
  return {
    write: (text) => {
      const [first = '', ...more] = text.split(separator);
      unfinished.push(first);
      if (more.length === 0) return [];
      const lines = [unfinished.join(''), ...more.slice(0, -1)];
      unfinished = more.slice(-1);
      return lines;
    },
    end: () => {
      const last = unfinished.join('');
      return last === '' ? [] : [last];
    },
  };
}

/** With the three line ends of server-sent events, all made LF; a CR ends its line before it is known what follows. */
export function createEventLines(): Lines {
  const lines = createLines('\n');
  let endedInCr = false;
  return {
    write: (text) => {
      const rest = endedInCr && text.startsWith('\n') ? text.slice(1) : text;
      if (text !== '') endedInCr = text.endsWith('\r');
      return lines.write(rest.replace(/\r\n?/g, '\n'));
    },
    end: () => lines.end(),
  };
}
