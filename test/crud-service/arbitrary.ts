/** Collection definitions as people might write them, what the service overlooks or refuses included. */
import fc from 'fast-check';

type Node = Record<string, unknown>;

/** The service asks for truth, not for a boolean. */
const truth = fc.constantFrom<unknown>(true, true, true, false, false, 'false', '', 1, null);
const encryption = fc.option(
  fc.oneof(
    { weight: 12, arbitrary: fc.record<Node>({ enabled: truth, searchable: truth }, { requiredKeys: [] }) },
    { weight: 1, arbitrary: fc.constant(null) },
  ),
  { nil: undefined },
);
const scalarType = fc.constantFrom<unknown>(
  'string',
  'number',
  'boolean',
  'Date',
  'ObjectId',
  'integer',
  'array',
  'Array',
  'GeoPoint',
  'null',
  ['string'],
  ['object'],
  ['string', 'null'],
);
const name = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.constantFrom('a', 'b', 'c', 'd', 'items', 'properties', 'schema', 'encryption', 'é', 'a b'),
  },
  { weight: 1, arbitrary: fc.constantFrom('a.b', '$a', '', '0', 'constructor') },
);

/** A member that is not there is left out, so that the text is as a person writes it. */
function written(node: Node): Node {
  return Object.fromEntries(Object.entries(node).filter(([, value]) => value !== undefined));
}

function propertiesOf(field: fc.Arbitrary<Node>): fc.Arbitrary<Node> {
  const described = fc.option<Node, null>(field, { nil: null, freq: 30 });
  return fc.array(fc.tuple(name, described), { maxLength: 4 }).map((entries) => {
    const properties: Node = {};
    for (const [key, value] of entries) {
      Object.defineProperty(properties, key, { value, enumerable: true, configurable: true, writable: true });
    }
    return properties;
  });
}

const configuration = fc.option(
  fc
    .record({
      type: fc.option(fc.constantFrom('ObjectId', 'GeoPoint'), {
        nil: undefined,
        freq: 3,
      }),
      encryption,
    })
    .map(written),
  { nil: undefined },
);

const field = fc.letrec<{ field: Node; object: Node; scalar: Node; list: Node }>((tie) => ({
  scalar: fc
    .record({
      type: scalarType,
      format: fc.constantFrom(undefined, 'date-time'),
      __mia_configuration: configuration,
      encryption,
    })
    .map(written),
  object: fc
    .record({
      type: fc.constantFrom('object', 'RawObject'),
      properties: fc.oneof(
        { weight: 12, arbitrary: propertiesOf(tie('field')) },
        { weight: 1, arbitrary: fc.constantFrom<unknown>(null, undefined, []) },
      ),
      inSchema: fc.boolean(),
      __mia_configuration: configuration,
      encryption,
    })
    .map(({ properties, inSchema, ...rest }) =>
      written({ ...rest, ...(inSchema ? { schema: { properties } } : { properties }) }),
    ),
  list: fc.record({ type: fc.constantFrom('array', 'Array'), items: tie('field'), encryption }).map(written),
  field: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 6, arbitrary: tie('scalar') },
    { weight: 3, arbitrary: tie('object') },
    { weight: 1, arbitrary: tie('list') },
  ),
})).field;

const inFields: fc.Arbitrary<Node> = fc
  .array(fc.tuple(name, field), { maxLength: 5 })
  .map((fields) => ({ name: 'books', fields: fields.map(([key, described]) => ({ name: key, ...described })) }));

const inSchema: fc.Arbitrary<Node> = propertiesOf(field).map((properties) => ({
  name: 'books',
  schema: { type: 'object', properties },
}));

export const definitions: fc.Arbitrary<Node> = fc.oneof(inFields, inSchema);

/** As texts in several layouts. */
export const definitionTexts: fc.Arbitrary<string> = fc
  .tuple(definitions, fc.constantFrom(undefined, 1, 2, 4, '\t'), fc.boolean())
  .map(([data, indent, windows]) => {
    const text = `${JSON.stringify(data, undefined, indent)}\n`;
    return windows ? text.replaceAll('\n', '\r\n') : text;
  });
