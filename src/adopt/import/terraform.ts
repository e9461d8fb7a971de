/** Terraform: `terraform show -json` of a state or a plan, in which everything is worked out; and HCL, in which not. */
import { readJson } from '../../input/json.ts';
import { type Block, HclError, parseHcl } from './hcl.ts';
import {
  type Command,
  type ImportNote,
  isUnresolved,
  type Node,
  node,
  nodeOf,
  type Reader,
  type ReadFile,
  together,
  unresolved,
  type Variables,
} from './node.ts';
import { commandFor, RESOURCE_TYPES, type Resource } from './terraform-resources.ts';
import { type LookUp, resolved } from './terraform-values.ts';

export const readTerraform: Reader = (files, { variables }) =>
  together(
    files.map(({ file, text }) => (/^\s*\{/.test(text) ? fromJson(file, text) : fromHcl(file, text, variables))),
  );

interface ShownModule {
  readonly resources?: readonly {
    readonly mode?: string;
    readonly type?: string;
    readonly address?: string;
    readonly values?: unknown;
  }[];
  readonly child_modules?: readonly ShownModule[];
}

/** `terraform show -json`: https://developer.hashicorp.com/terraform/internals/json-format */
function fromJson(file: string, text: string): ReadFile {
  const { refusals } = readJson(text);
  const lost = (line: number, message: string): ReadFile => ({
    commands: [],
    notes: [{ file, line, message, lost: true }],
  });
  if (refusals !== undefined) return lost(1, 'this is no JSON');
  const shown = JSON.parse(text) as {
    readonly values?: { root_module?: ShownModule };
    readonly planned_values?: { root_module?: ShownModule };
  };
  const root = shown.values?.root_module ?? shown.planned_values?.root_module;
  if (root === undefined)
    return lost(1, 'this is not what terraform show -json writes: it has neither "values" nor "planned_values"');
  const commands = resourcesOf(root).flatMap(({ mode, type = '', address = '', values }) => {
    if (mode === 'data' || !RESOURCE_TYPES.has(type)) return [];
    const at = text.indexOf(JSON.stringify(address));
    const line = at < 0 ? 1 : text.slice(0, at).split('\n').length;
    return commandFor({ file, type, body: nodeOf(values, line) }) ?? [];
  });
  return { commands, notes: [] };
}

function resourcesOf({
  resources = [],
  child_modules: children = [],
}: ShownModule): NonNullable<ShownModule['resources']> {
  return [...resources, ...children.flatMap(resourcesOf)];
}

function fromHcl(file: string, text: string, variables: Variables): ReadFile {
  let root: Omit<Block, 'type' | 'labels'>;
  try {
    root = parseHcl(text);
  } catch (error) {
    if (!(error instanceof HclError)) throw error;
    return {
      commands: [],
      notes: [
        {
          file,
          line: error.line,
          message: `the file is left out from here on, as it is no HCL: ${error.message}`,
          lost: true,
        },
      ],
    };
  }
  const lookUp = lookUpIn(root.blocks, variables);
  const notes: ImportNote[] = [];
  const commands = root.blocks.flatMap((block): readonly Command[] => {
    const [type = ''] = block.labels;
    if (block.type === 'module') {
      const name = type === '' ? 'a module' : `the module "${type}"`;
      notes.push({
        file,
        line: block.line,
        message: `${name} is not looked into: give its files, or terraform show -json`,
        lost: false,
      });
    }
    if (block.type !== 'resource' || !RESOURCE_TYPES.has(type)) return [];
    return instancesOf(file, block, type, lookUp).flatMap((resource) => commandFor(resource) ?? []);
  });
  return { commands, notes };
}

/** `for_each` and `count` over what is written out make several of one; over anything else nobody knows how many. */
function instancesOf(file: string, block: Block, type: string, lookUp: LookUp): readonly Resource[] {
  const each = block.attributes.get('for_each');
  const count = block.attributes.get('count');
  const one = (look: LookUp, uncertain?: string): Resource => ({
    file,
    type,
    body: resolved(bodyOf(block), look),
    uncertain,
  });
  if (count !== undefined) {
    const { data } = resolved(count, lookUp);
    if (data === 1) return [one(lookUp)];
    return data === 0 ? [] : [one(lookUp, 'how many there are hangs on "count"')];
  }
  if (each === undefined) return [one(lookUp)];
  const { data } = resolved(each, lookUp);
  const entries = Array.isArray(data)
    ? data.map((item: Node) => [item, item] as const)
    : data instanceof Map
      ? [...data].map(([key, value]) => [node(key, value.line), value] as const)
      : undefined;
  if (entries === undefined) return [one(lookUp, 'how many there are hangs on "for_each"')];
  return entries.map(([key, value]) =>
    one((path) => {
      const [first, second, ...rest] = path;
      if (first !== 'each') return lookUp(path);
      return second === 'key' ? key : inside(value, rest);
    }),
  );
}

/** Attributes and blocks in one map: a block that is repeated is a list, as in the JSON of Terraform. */
function bodyOf({ attributes, blocks, line }: Omit<Block, 'type' | 'labels'>): Node {
  const fields = new Map(attributes);
  for (const block of blocks) {
    if (block.type === 'dynamic') {
      const [name = ''] = block.labels;
      fields.set(name, unresolved(`made by a dynamic block "${name}"`, block.line));
      continue;
    }
    const there = fields.get(block.type);
    if (there !== undefined && isUnresolved(there.data)) continue;
    const before = there !== undefined && Array.isArray(there.data) ? there.data : [];
    fields.set(block.type, node([...before, bodyOf(block)], there?.line ?? block.line));
  }
  return node(fields, line);
}

function lookUpIn(blocks: readonly Block[], variables: Variables): LookUp {
  const locals = new Map(blocks.filter(({ type }) => type === 'locals').flatMap(({ attributes }) => [...attributes]));
  const resources = new Map(
    blocks.flatMap((block): [string, Node][] => {
      const several = block.attributes.has('for_each') || block.attributes.has('count');
      return block.type === 'resource' && !several ? [[block.labels.join('.'), bodyOf(block)]] : [];
    }),
  );
  return ([first = '', second = '', ...rest]) => {
    if (first === 'var') {
      const given = variables.get(second);
      return given === undefined || rest.length > 0 ? undefined : node(given, 1);
    }
    if (first === 'local') {
      const local = locals.get(second);
      return local && inside(local, rest);
    }
    const resource = resources.get(`${first}.${second}`);
    return resource && rest.length > 0 ? inside(resource, rest) : undefined;
  };
}

function inside(value: Node, path: readonly string[]): Node | undefined {
  return path.reduce<Node | undefined>((found, key) => {
    if (found?.data instanceof Map) return found.data.get(key);
    return Array.isArray(found?.data) ? found.data[Number(key)] : undefined;
  }, value);
}
