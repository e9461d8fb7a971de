/** Terraform: `terraform show -json` of a state or a plan, in which everything is worked out; and HCL, in which not. */
import { readJson } from '../../input/json.ts';
import { type Block, HclError, parseHcl } from './hcl.ts';
import {
  type Command,
  type ImportFile,
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
import { managesAccounts, SCRIPT_INSIDE } from './shell-scripts.ts';
import { commandFor, RESOURCE_TYPES, type Resource } from './terraform-resources.ts';
import { type LookUp, resolved } from './terraform-values.ts';

export const readTerraform: Reader = (files, { variables }) => {
  const isJson = ({ text }: ImportFile): boolean => /^\s*\{/.test(text);
  const written = files.filter((file) => !isJson(file)).map(parsedHcl);
  return together([
    ...files.filter(isJson).map(({ file, text }) => fromJson(file, text)),
    ...written.map((each) => fromHcl(each, lookUpIn(besides(each, written), variables))),
  ]);
};

/** Files of one folder are one module, in which each may use what the others say. */
function besides({ file }: HclFile, written: readonly HclFile[]): readonly Block[] {
  return written.filter((other) => folderOf(other.file) === folderOf(file)).flatMap(({ blocks }) => blocks);
}

function folderOf(file: string): string {
  return file.replaceAll('\\', '/').replace(/[^/]*$/, '');
}

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
  const shown = JSON.parse(text) as StateFile & {
    readonly values?: { root_module?: ShownModule };
    readonly planned_values?: { root_module?: ShownModule };
    readonly resource_changes?: readonly { address?: string; change?: { after_unknown?: unknown } }[];
  };
  const root = shown.values?.root_module ?? shown.planned_values?.root_module ?? storedModule(shown);
  if (root === undefined)
    return lost(
      1,
      'this is not what terraform show -json writes: it has neither "values" nor "planned_values", nor a state',
    );
  const unknown = new Map((shown.resource_changes ?? []).map((each) => [each.address, each.change?.after_unknown]));
  const notes: ImportNote[] = [];
  const commands = resourcesOf(root).flatMap(({ mode, type = '', address = '', values }) => {
    if (mode === 'data') return [];
    const at = text.indexOf(JSON.stringify(address));
    const line = at < 0 ? 1 : text.slice(0, at).split('\n').length;
    const body = withUnknown(nodeOf(values, line), unknown.get(address));
    return readResource({ file, type, body }, address, notes);
  });
  return { commands, notes };
}

/** `terraform.tfstate`, as Terraform stores it. */
interface StateFile {
  readonly terraform_version?: string;
  readonly resources?: readonly {
    readonly module?: string;
    readonly mode?: string;
    readonly type?: string;
    readonly name?: string;
    readonly instances?: readonly { readonly attributes?: unknown }[];
  }[];
}

function storedModule({ terraform_version: version, resources }: StateFile): ShownModule | undefined {
  if (version === undefined || !Array.isArray(resources)) return undefined;
  return {
    resources: (resources as NonNullable<StateFile['resources']>).flatMap(({ instances = [], ...stored }) =>
      instances.map(({ attributes }) => ({ ...stored, address: `${stored.type}.${stored.name}`, values: attributes })),
    ),
  };
}

/** A plan leaves out what is known only when it is applied, and says so elsewhere: `true`, at any depth. */
function withUnknown(value: Node, unknown: unknown): Node {
  if (unknown === true) return unresolved('known after apply', value.line);
  if (typeof unknown !== 'object' || unknown === null) return value;
  const at = (inner: Node | undefined, below: unknown): Node => withUnknown(inner ?? node(null, value.line), below);
  if (Array.isArray(unknown)) {
    const list = Array.isArray(value.data) ? (value.data as readonly Node[]) : [];
    const longer = unknown
      .slice(list.length)
      .filter(isAnything)
      .map((below) => at(undefined, below));
    return node([...list.map((item, index) => withUnknown(item, unknown[index])), ...longer], value.line);
  }
  const fields = new Map(value.data instanceof Map ? value.data : []);
  for (const [key, below] of Object.entries(unknown)) {
    if (isAnything(below)) fields.set(key, at(fields.get(key), below));
  }
  return node(fields, value.line);
}

function isAnything(unknown: unknown): boolean {
  if (typeof unknown !== 'object' || unknown === null) return unknown === true;
  return Object.values(unknown).some(isAnything);
}

const OTHER_TYPE = /mongo\w*_(?:user|role|account)(?:_definition)?$|_dds_database_(?:user|role)$/;
/** Of these only a certificate comes. */
const NO_ACCOUNT = 'mongodbatlas_x509_authentication_database_user';

/** The commands of a resource; one of a kind that is not read is named. */
function readResource(resource: Resource, address: string, notes: ImportNote[]): readonly Command[] {
  const { file, type, body } = resource;
  if (RESOURCE_TYPES.has(type)) return [commandFor(resource)].filter((command) => command !== undefined);
  if (OTHER_TYPE.test(type) && type !== NO_ACCOUNT) {
    notes.push({ file, line: body.line, message: `${address} is left out, as its provider is not read`, lost: true });
  }
  return [];
}

function resourcesOf({
  resources = [],
  child_modules: children = [],
}: ShownModule): NonNullable<ShownModule['resources']> {
  return [...resources, ...children.flatMap(resourcesOf)];
}

interface HclFile extends ImportFile {
  readonly blocks: readonly Block[];
  readonly error?: HclError;
}

function parsedHcl(file: ImportFile): HclFile {
  try {
    return { ...file, blocks: parseHcl(file.text).blocks };
  } catch (error) {
    if (!(error instanceof HclError)) throw error;
    return { ...file, blocks: [], error };
  }
}

function fromHcl({ file, text, blocks, error }: HclFile, lookUp: LookUp): ReadFile {
  if (error !== undefined) {
    const message = `the file is left out from here on, as it is no HCL: ${error.message}`;
    return { commands: [], notes: [{ file, line: error.line, message, lost: true }] };
  }
  const notes: ImportNote[] = text
    .split('\n')
    .flatMap((line, at) =>
      managesAccounts(line) && !/^\s*(#|\/\/)/.test(line)
        ? [{ file, line: at + 1, message: SCRIPT_INSIDE, lost: true }]
        : [],
    );
  const commands = blocks.flatMap((block): readonly Command[] => {
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
    if (block.type !== 'resource') return [];
    const address = block.labels.join('.');
    return RESOURCE_TYPES.has(type)
      ? instancesOf(file, block, type, lookUp).flatMap((resource) => readResource(resource, address, notes))
      : readResource({ file, type, body: node(null, block.line) }, address, notes);
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
