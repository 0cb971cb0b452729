/** Where a body comes from: for sending it, for showing it without, and for writing the program that sends it. */
export type BodySource =
  /** Text from the command line, fields, forms, GraphQL. */
  | { kind: 'bytes'; bytes: Uint8Array }
  | ({ kind: 'file' } & NamedFile)
  | { kind: 'stdin' }
  | { kind: 'multipart'; parts: FormPart[] };

export interface NamedFile {
  /** As it was typed. */
  name: string;
  /** Absolute. */
  path: string;
  /** In bytes; undefined for what has no size beforehand, as a named pipe. */
  length: number | undefined;
}

export interface FormPart {
  name: string;
  value: string | FormFile;
}

export type FormFile = (NamedFile | { name: '-' }) & {
  filename: string;
  /** A media type. */
  type: string;
};
