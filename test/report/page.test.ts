/** The HTML report as a text: what a browser is given, and what it can't do. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import type { DriftDocument } from '../../src/report/drift/document.ts';
import { htmlPage } from '../../src/report/html/page.ts';
import type { ClusterState } from '../../src/state/state.ts';
import { intent, state, user } from '../support/build.ts';
import { drifted } from '../support/drift.ts';
import { documentOf, ESTATE_POLICY, estate } from './estate.ts';

test('a page for 300 accounts is below 500 KB, and the same state makes the same bytes', () => {
  const page = htmlPage([documentOf(estate(300))]);
  assert.ok(page.length < 500_000, `${page.length} bytes`);
  assert.equal(htmlPage([documentOf(estate(300))]), page);
});

test('nothing is loaded: no address but those of links to evidence, and a policy that forbids all but its own style and script', () => {
  const page = htmlPage([documentOf(estate(3))]);
  assert.deepEqual(
    [...new Set(page.match(/(?:src|href|action|data)="?https?:[^ >]*/g))],
    ['href="https://wiki.acme.test/kafka"'],
  );
  assert.doesNotMatch(page, /@import|url\(|<(?:img|iframe|object|embed|base|form [^>]*action)/);
  const policy = /content="(default-src[^"]*)"/.exec(page)?.[1] ?? '';
  const hashOf = (tag: RegExp): string =>
    createHash('sha256')
      .update(tag.exec(page)?.[1] ?? '')
      .digest('base64');
  assert.equal(
    policy,
    [
      "default-src 'none'",
      `style-src 'sha256-${hashOf(/<style>(.*?)<\/style>/s)}'`,
      `script-src 'sha256-${hashOf(/<script>(.*?)<\/script>/s)}'`,
      "base-uri 'none'",
      "form-action 'none'",
    ].join('; '),
  );
  assert.doesNotMatch(page, / (?:style|on\w+)=/);
});

const EVIL = '</script><script>alert(1)</script><img src=x onerror=alert(1)>\u202e\n"\'&';

function hostile(): DriftDocument {
  const actual: ClusterState = state({
    users: [user(`${EVIL}@admin`, ['root@admin'])],
    unreadable: [{ what: EVIL, why: EVIL }],
  });
  const policy = intent(`collections: { audit.logs: { protection: append-only } }
breakGlass: [{ user: ${JSON.stringify('x<i>@admin')}, reason: "<b>why</b>", until: 2027-01-01 }]
`);
  return drifted(policy, actual, { cluster: EVIL });
}

test('a hostile name is text wherever it stands', () => {
  const page = htmlPage([hostile(), hostile()], [{ cluster: EVIL, message: EVIL }]);
  assert.equal(page.match(/<script/g)?.length, 2);
  assert.equal(page.match(/<\/script>/g)?.length, 2);
  assert.doesNotMatch(page, /<img|<b>why|<i>@|\u202e/);
  assert.match(page, /&lt;\/script&gt;&lt;script&gt;alert\(1\)/);
});

test('several clusters: a list of all before a page for each, with ids of its own', () => {
  const page = htmlPage([documentOf(estate(1)), documentOf(estate(2))], [{ cluster: 'far', message: 'no answer' }]);
  assert.match(page, /3 clusters/);
  assert.match(page, /far<\/strong> could not be read/);
  const ids = [...page.matchAll(/ id="?([\w-]+)/g)].map(([, id]) => id);
  assert.equal(new Set(ids).size, ids.length);
  for (const [, target] of page.matchAll(/ href="#([\w-]+)"/g)) assert.ok(ids.includes(target), target);
});

test('a policy that protects nothing, and a cluster of which nothing could be seen, have a page too', () => {
  const { roles: _roles, users: _users, databases: _databases, ...blind } = state();
  const seen = (policy: string, actual: ClusterState): string => {
    const wanted = intent(policy);
    return htmlPage([drifted(wanted, actual, { policies: [] })]);
  };
  assert.match(seen('', state()), /No drift\..*protects no collection and restricts nobody/s);
  assert.match(
    seen(ESTATE_POLICY.replace(/^apiVersion.*\nmetadata.*\n/m, ''), blind),
    /parts could not be seen.*could not be seen\./s,
  );
});
