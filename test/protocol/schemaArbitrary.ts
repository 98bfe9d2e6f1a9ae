// Turns a description of data (src/protocol/schema.ts) into a generator of such data, so that the
// tests cover every kind of message without a list of their own.

import fc from 'fast-check';
import type { Schema, SchemaNode } from '../../src/protocol/schema.ts';

/** Values that look as the schema says; lengths stay small. */
export function arbitraryOf<T>(schema: Schema<T>): fc.Arbitrary<T> {
  return generate(schema) as fc.Arbitrary<T>;
}

function generate(node: SchemaNode): fc.Arbitrary<unknown> {
  switch (node.is) {
    case 'count':
      // Room for what a fold counts up: a million edits more than any store has.
      return fc.nat({ max: Math.min(node.max, Number.MAX_SAFE_INTEGER - 1_000_000) });
    case 'number':
      // MessagePack's integers know no -0.
      return fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
    case 'boolean':
      return fc.boolean();
    case 'text':
      return fc.string({ maxLength: Math.min(node.max, 12), unit: 'grapheme' });
    case 'bytes':
      return fc
        .uint8Array({ maxLength: Math.min(node.max, 20) })
        .map((bytes) => new Uint8Array(bytes));
    case 'choice':
      return fc.constantFrom(...node.among);
    case 'nullable':
      return fc.option(generate(node.of), { nil: null });
    case 'optional':
      return generate(node.of);
    case 'list':
      return fc.array(generate(node.of), { maxLength: 3 });
    case 'tuple':
      return fc.tuple(...node.of.map(generate));
    case 'either':
      return fc.oneof(...node.of.map(generate));
    case 'map':
      return fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), generate(node.of), {
        maxKeys: 3,
        noNullPrototype: true,
      });
    case 'record':
      return fc.record(mapFields(node.fields), {
        requiredKeys: Object.keys(node.fields).filter(
          (name) => node.fields[name]!.is !== 'optional',
        ),
        noNullPrototype: true,
      });
    case 'union':
      return fc.oneof(
        ...Object.entries(node.cases).map(([tag, fields]) =>
          generate(fields).map((value) => ({ ...(value as object), [node.tag]: tag })),
        ),
      );
  }
}

function mapFields(
  fields: Readonly<Record<string, SchemaNode>>,
): Record<string, fc.Arbitrary<unknown>> {
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, generate(field)]));
}
