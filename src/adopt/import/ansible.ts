/** Tasks of Ansible's `community.mongodb`: `mongodb_user` and `mongodb_role`, in playbooks and roles. */
import { type AnsibleNames, ansibleValue } from './ansible-values.ts';
import {
  type Command,
  fieldOf,
  isUnresolved,
  listOf,
  mapOf,
  type Node,
  node,
  nodeOf,
  type Reader,
  type ReadFile,
  textOf,
  together,
  unresolved,
} from './node.ts';
import { declare } from './resource-commands.ts';
import { short } from './shapes.ts';
import { managesAccounts, SCRIPT_INSIDE } from './shell-scripts.ts';
import { yamlNodes } from './yaml-nodes.ts';

const MODULES: Readonly<Record<string, 'createUser' | 'createRole'>> = {
  mongodb_user: 'createUser',
  'community.mongodb.mongodb_user': 'createUser',
  'community.general.mongodb_user': 'createUser',
  'ansible.builtin.mongodb_user': 'createUser',
  mongodb_role: 'createRole',
  'community.mongodb.mongodb_role': 'createRole',
};

const LOOPS = ['loop', 'with_items', 'with_list', 'with_flattened'];

export const readAnsible: Reader = (files, { variables }) => {
  const said = new Map([...variables].map(([name, value]) => [name, node(value, 1)] as const));
  const books = files.map(({ file, text }): Book => {
    const { documents, notes } = yamlNodes(file, text);
    return { file, documents, notes, elsewhere: documents.flatMap((document) => elsewhereIn(document)) };
  });
  return together(
    books.map(({ file, documents, notes, elsewhere }) => {
      const around: Around = {
        names: said,
        said,
        set: new Set(documents.flatMap(setWithin)),
        uncertain: uncertaintyOf(file, books),
      };
      const tasks = documents.flatMap((document) => tasksIn(document, around));
      const missing = elsewhere.filter(({ path }) => !files.some((each) => leadsTo(path, each.file)));
      return {
        commands: tasks.flatMap((task) => commandsOf(file, task)),
        notes: [
          ...notes,
          ...missing.map(({ path, line }) => ({
            file,
            line,
            message: `${path} is not looked into: name its files too if they are about users or roles`,
            lost: false,
          })),
          ...documents.flatMap(otherWays).map((way) => ({ file, ...way, lost: true })),
        ],
      };
    }),
  );
};

/** A file, and what it takes from others. */
interface Book extends Omit<ReadFile, 'commands'> {
  readonly file: string;
  readonly documents: readonly Node[];
  readonly elsewhere: readonly Elsewhere[];
}

/** Why nobody can tell whether the tasks of a file run: wherever it is taken in, it hangs on something. */
function uncertaintyOf(file: string, books: readonly Book[], seen: readonly string[] = []): string | undefined {
  if (/(?:^|[/\\])handlers[/\\]/.test(file)) return IN_HANDLER;
  const why = books
    .filter((book) => !seen.includes(book.file) && book.file !== file)
    .flatMap((book) =>
      book.elsewhere
        .filter(({ path }) => leadsTo(path, file))
        .map(({ uncertain }) => uncertain ?? uncertaintyOf(book.file, books, [...seen, file])),
    );
  return why.includes(undefined) ? undefined : why[0];
}

const IN_HANDLER = 'it is made by a handler, which runs where a task notifies it';

/** What is known where a task stands. */
interface Around {
  readonly names: AnsibleNames;
  /** What somebody has said on the command line, which wins over everything. */
  readonly said: AnsibleNames;
  /** Variables that tasks set while they run: what stands under `vars` of them is not what they are. */
  readonly set: ReadonlySet<string>;
  /** Why nobody can tell whether it runs. */
  readonly uncertain: string | undefined;
}

interface Task extends Pick<Around, 'names' | 'uncertain'> {
  readonly task: Node;
  readonly kind: 'createUser' | 'createRole';
  readonly module: Node;
}

/** What a playbook takes from other files: `tasks/users.yml`, `roles/mongo`. */
interface Elsewhere {
  readonly path: string;
  readonly line: number;
  readonly uncertain: string | undefined;
}

const OF_FILES = /^(?:ansible\.builtin\.)?(?:include|include_tasks|import_tasks|import_playbook)$/;
const OF_ROLES = /^(?:ansible\.builtin\.)?(?:include_role|import_role)$/;

function elsewhereIn(value: Node, around?: string): readonly Elsewhere[] {
  const list = listOf(value);
  if (list !== undefined) return list.flatMap((item) => elsewhereIn(item, around));
  const fields = mapOf(value);
  if (fields === undefined) return [];
  const uncertain =
    circumstanceOf(fields) ?? (LOOPS.some((key) => fields.has(key)) ? 'it is taken in by a loop' : around);
  const role = (each: Node): Elsewhere => ({
    path: `roles/${nameIn(each, 'name', 'role')}`,
    line: each.line,
    uncertain: circumstanceOf(mapOf(each) ?? new Map()) ?? uncertain,
  });
  return [...fields].flatMap(([key, inner]): readonly Elsewhere[] => {
    if (OF_FILES.test(key)) return [{ path: nameIn(inner, 'file'), line: inner.line, uncertain }];
    if (OF_ROLES.test(key)) return [role(inner)];
    if (key === 'roles' && fields.has('hosts')) return (listOf(inner) ?? []).map(role);
    return moduleOf(key, inner) !== undefined || key === 'vars' ? [] : elsewhereIn(inner, inSection(key) ?? uncertain);
  });
}

/** Why nobody can tell whether what is written so runs. */
function circumstanceOf(fields: ReadonlyMap<string, Node>): string | undefined {
  const when = fields.get('when');
  if (when !== undefined) return `whether it is made hangs on a condition (when: ${short(textOf(when) ?? '…')})`;
  if (fields.get('check_mode')?.data === true) return 'check_mode only tries whether it could be made';
  const defaults = mapOf(fields.get('module_defaults') ?? nodeOf({}, 1)) ?? [];
  if ([...defaults].some(([key]) => Object.hasOwn(MODULES, key) || key.includes('mongodb'))) {
    return 'module_defaults may say more of it';
  }
  const tags = fields.get('tags');
  const named = tags === undefined ? [] : (listOf(tags)?.map(textOf) ?? textOf(tags)?.split(/\s*,\s*/) ?? []);
  return named.includes('never') ? 'it is made only where somebody asks for its tag (never)' : undefined;
}

function inSection(key: string): string | undefined {
  if (key === 'handlers') return IN_HANDLER;
  return key === 'rescue' ? 'it is made where another task fails' : undefined;
}

const OTHER_MODULE = /(?:^|\.)\w*mongo\w*_(?:user|role)$/;

/** Users and roles that are made in a way that is not read: by another module, or by a script for the shell. */
function otherWays(value: Node): readonly { readonly line: number; readonly message: string }[] {
  const text = textOf(value);
  if (text !== undefined) return managesAccounts(text) ? [{ line: value.line, message: SCRIPT_INSIDE }] : [];
  const list = listOf(value);
  if (list !== undefined) return list.flatMap(otherWays);
  return [...(mapOf(value) ?? [])].flatMap(([key, inner]) => {
    if (key === 'name' || moduleOf(key, inner) !== undefined) return [];
    if (!OTHER_MODULE.test(key) || mapOf(inner) === undefined) return otherWays(inner);
    return [{ line: inner.line, message: `what ${key} makes is left out, as it is a module that is not read` }];
  });
}

/** A name by itself, as `name=…`, or in one of those fields. */
function nameIn(value: Node, ...keys: readonly string[]): string {
  const fields = mapOf(value) ?? shortForm(value);
  const found = keys.flatMap((key) => textOf(fields.get(key)) ?? [])[0];
  return found ?? textOf(value)?.trim() ?? '…';
}

/** Whether a file that is read is the one that is meant, or one of the role. */
function leadsTo(path: string, file: string): boolean {
  const [meant, read] = [path, file].map((each) => `/${each.replaceAll('\\', '/').replace(/^(?:\.\.?\/)+/, '')}`);
  return read?.endsWith(meant ?? '') === true || read?.includes(`${meant}/`) === true;
}

/** The names that `set_fact` and `register` give a value, anywhere in it. */
function setWithin(value: Node): readonly string[] {
  const list = listOf(value);
  if (list !== undefined) return list.flatMap(setWithin);
  return [...(mapOf(value) ?? [])].flatMap(([key, inner]): readonly string[] => {
    if (/(?:^|\.)set_fact$/.test(key)) return [...(mapOf(inner) ?? shortForm(inner)).keys()];
    return key === 'register' ? [textOf(inner) ?? ''] : setWithin(inner);
  });
}

/** Tasks wherever they stand: in plays, blocks and lists; with the literal variables around them. */
function tasksIn(value: Node, around: Around): readonly Task[] {
  const list = listOf(value);
  if (list !== undefined) return list.flatMap((item) => tasksIn(item, around));
  const fields = mapOf(value);
  if (fields === undefined) return [];
  const { said, set } = around;
  const vars = [...(mapOf(fields.get('vars') ?? nodeOf({}, value.line)) ?? [])].filter(([name]) => !set.has(name));
  const names = new Map([...around.names, ...vars, ...said]);
  const uncertain = circumstanceOf(fields) ?? around.uncertain;
  const inside = { ...around, names, uncertain };
  return [...fields].flatMap(([key, inner]): readonly Task[] => {
    const called = calledBy(key, inner);
    if (called !== undefined) return [{ task: value, ...called, names, uncertain }];
    return key === 'vars' || key === 'module_defaults' || LOOPS.includes(key)
      ? []
      : tasksIn(inner, { ...inside, uncertain: inSection(key) ?? uncertain });
  });
}

/** What a task makes by its key; a plain text under that name is a variable. */
function moduleOf(key: string, value: Node): Task['kind'] | undefined {
  const text = textOf(value);
  const isCall = text === undefined ? mapOf(value) !== undefined : /=|\{\{/.test(text);
  return isCall && Object.hasOwn(MODULES, key) ? MODULES[key] : undefined;
}

/** A module of ours by its name, or by `action` and `local_action`. */
function calledBy(key: string, value: Node): Pick<Task, 'kind' | 'module'> | undefined {
  if (key !== 'action' && key !== 'local_action') {
    const kind = moduleOf(key, value);
    return kind && { kind, module: value };
  }
  const written = /^\s*(\S+)\s*(.*)$/s.exec(textOf(value) ?? '');
  const name = written?.[1] ?? textOf(fieldOf(value, 'module')) ?? '';
  const kind = Object.hasOwn(MODULES, name) ? MODULES[name] : undefined;
  return kind && { kind, module: written === null ? value : node(written[2] ?? '', value.line) };
}

function commandsOf(file: string, { task, kind, module, names, uncertain }: Task): readonly Command[] {
  const fields = mapOf(module) ?? shortForm(module);
  const loop = LOOPS.flatMap((key) => fieldOf(task, key) ?? [])[0];
  if (loop === undefined) return [command(file, task, kind, fields, names, uncertain)];
  const items = listOf(ansibleValue(loop, names));
  if (items === undefined)
    return [command(file, task, kind, fields, names, 'it stands in a loop over what is not known here')];
  const variable = textOf(fieldOf(fieldOf(task, 'loop_control'), 'loop_var')) ?? 'item';
  return items.map((item) => command(file, task, kind, fields, new Map([...names, [variable, item]]), uncertain));
}

/** `mongodb_user: name=app database=shop roles=readWrite` */
function shortForm(module: Node): ReadonlyMap<string, Node> {
  const words = (textOf(module) ?? '').match(/\w+=(?:"[^"]*"|'[^']*'|\{\{.*?\}\}|\S)+/g) ?? [];
  return new Map(
    words.map((word) => {
      const at = word.indexOf('=');
      return [word.slice(0, at), node(word.slice(at + 1).replaceAll(/^["']|["']$/g, ''), module.line)] as const;
    }),
  );
}

function command(
  file: string,
  task: Node,
  kind: 'createUser' | 'createRole',
  fields: ReadonlyMap<string, Node>,
  names: AnsibleNames,
  uncertain: string | undefined,
): Command {
  const field = (...keys: readonly string[]): Node | undefined => {
    const found = keys.flatMap((key) => fields.get(key) ?? [])[0];
    return found === undefined ? undefined : ansibleValue(found, names);
  };
  const state = field('state');
  const common = {
    file,
    line: task.line,
    name: field('name', 'user', 'role'),
    db: field('database', 'db') ?? unresolved('', task.line),
    uncertain,
  };
  if (textOf(state) === 'absent') {
    const made = declare(kind, { ...common, fields: {} });
    return { ...made, name: kind === 'createUser' ? 'dropUser' : 'dropRole' };
  }
  const hangs =
    state !== undefined && isUnresolved(state.data) ? 'whether it is made hangs on a variable (state)' : uncertain;
  const authenticationRestrictions = field('authenticationRestrictions', 'authentication_restrictions');
  if (kind === 'createUser') {
    const roles = rolesOf(field('roles', 'role'), common.db);
    return declare(kind, {
      ...common,
      uncertain: hangs,
      fields: {
        pwd: field('password', 'pass'),
        roles: roles ?? nodeOf([], task.line),
        authenticationRestrictions,
      },
    });
  }
  return declare(kind, {
    ...common,
    uncertain: hangs,
    fields: {
      privileges: field('privileges'),
      roles: rolesOf(field('roles'), common.db),
      authenticationRestrictions,
    },
  });
}

/** A list of names or documents, or names with commas; in a document the database is that of the user where it is not said. */
function rolesOf(roles: Node | undefined, db: Node | undefined): Node | undefined {
  if (roles === undefined) return undefined;
  const text = textOf(roles);
  const list =
    text === undefined
      ? listOf(roles)
      : text
          .split(',')
          .filter(Boolean)
          .map((name) => node(name.trim(), roles.line));
  if (list === undefined) return roles;
  return node(
    list.map((item) => {
      const fields = mapOf(item);
      const home = fields?.get('db') ?? fields?.get('database') ?? db;
      if (fields === undefined) return item;
      const role = fields.get('role') ?? fields.get('name') ?? unresolved('a role without a name', item.line);
      return node(new Map([['role', role], ...(home === undefined ? [] : [['db', home] as const])]), item.line);
    }),
    roles.line,
  );
}
