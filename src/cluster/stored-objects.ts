/** The ownership record as it is stored: `mongoward.objects`. Whoever can write there may have put anything. */
import type { Document, MongoClient } from 'mongodb';
import { parseNamespace, splitAt } from '../model/names.ts';
import { shapeProblem } from '../state/shape.ts';
import { OBJECTS_COLLECTION, OWN_DATABASE, type OwnedObject, objectKey } from '../state/state.ts';
import { type Allowance, listed, RAW } from './listing.ts';

export interface StoredObjects {
  readonly objects: readonly OwnedObject[];
  /** Documents that are no records: by their `_id`, and what is wrong. */
  readonly strange: readonly StrangeDocument[];
}

/** A document in one of our collections that we can't have written. */
export interface StrangeDocument {
  readonly id: unknown;
  readonly problem: string;
  readonly document: Document;
}

export async function readObjects(client: MongoClient, allowance: Allowance): Promise<StoredObjects> {
  const cursor = client.db(OWN_DATABASE).collection(OBJECTS_COLLECTION).find({}, RAW);
  const objects: OwnedObject[] = [];
  const strange: StrangeDocument[] = [];
  for (const document of await listed(cursor, allowance)) {
    const problem = recordProblem(document);
    if (problem === undefined) objects.push(recordOf(document));
    else strange.push({ id: document['_id'], problem, document });
  }
  return { objects, strange };
}

function recordOf({ kind, target, policy, created, replaces, covers }: Document): OwnedObject {
  return { kind, target, policy, created, ...(replaces && { replaces }), ...(covers && { covers }) };
}

function recordProblem({ _id: id, ...document }: Document): string | undefined {
  const problem = shapeProblem({ mongowardSnapshot: 1, server: { version: '0.0' }, objects: [document] });
  if (problem !== undefined) return problem.replace(/^objects\[0\]\.?/, '').trim();
  const record = recordOf(document);
  const { kind, target, replaces } = record;
  const isNamed = kind === 'collection' ? parseNamespace(target) !== undefined : splitAt(target) !== undefined;
  if (!isNamed) return `target is no ${kind}`;
  if (replaces !== undefined && splitAt(replaces) === undefined) return 'replaces is no role';
  return id === objectKey(record) ? undefined : `_id must be "${objectKey(record)}"`;
}

/** `the document "user app@admin" of mongoward.objects`; whatever stands for an `_id` is shown short. */
export function documentName(collection: string, id: unknown): string {
  const text = typeof id === 'string' ? id : (JSON.stringify(id) ?? String(id));
  const short = text.length > 80 ? `${text.slice(0, 77)}...` : text;
  return `the document "${short}" of ${OWN_DATABASE}.${collection}`;
}
