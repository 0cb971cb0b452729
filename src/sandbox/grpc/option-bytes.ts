import type { Message } from '@bufbuild/protobuf';
import { BinaryReader } from '@bufbuild/protobuf/wire';

/** By field number: what takes the field's value from the reader. */
export type FieldReaders = Record<number, (reader: BinaryReader) => void>;

/** google.protobuf.FieldOptions, MethodOptions */
type Options = Pick<Message, '$unknown'>;

/**
 * The bytes of an option that is a message. The SDK ships its descriptors, but empty files in place of those that say
 * what their options mean, so that all of them are unknown fields.
 */
export function optionBytes(options: Options | undefined, number: number): Uint8Array | undefined {
  const option = options?.$unknown?.find(({ no }) => no === number);
  // An unknown field's data has its length in front.
  return option && new BinaryReader(option.data).bytes();
}

export function readFields(bytes: Uint8Array, readers: FieldReaders): void {
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [number, wireType] = reader.tag();
    const readField = readers[number];
    if (readField) readField(reader);
    else reader.skip(wireType, number);
  }
}
