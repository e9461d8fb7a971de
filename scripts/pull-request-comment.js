/**
 * `node pull-request-comment.js NAME FILE`: writes the Markdown of a file as a comment on the pull request that a GitHub
 * workflow runs for, or puts it in the place of the comment of that name. A pull request from a fork may not be commented on:
 * that is said, and is no failure.
 */
import { readFileSync } from 'node:fs';

/** GitHub refuses longer comments. */
const LONGEST = 65_536;
const PER_PAGE = 100;

const [name = '', file = ''] = process.argv.slice(2);
const { GITHUB_API_URL = '', GITHUB_REPOSITORY = '', GITHUB_EVENT_PATH = '', GITHUB_TOKEN = '' } = process.env;

/** No name may end the comment that it stands in. */
const mark = `<!-- ${name
  .replaceAll(/[^\w .,-]/g, '_')
  .replaceAll('--', '__')
  .trim()} -->`;

/** @param {string} text */
function bodyOf(text) {
  const note = '\n\nThe rest stands in the summary of the job.\n';
  const body = `${mark}\n${text}`;
  return body.length <= LONGEST ? body : `${body.slice(0, LONGEST - note.length)}${note}`;
}

/**
 * @param {string} path
 * @param {string} method
 * @param {object} [body]
 */
async function ask(path, method, body) {
  const response = await fetch(`${GITHUB_API_URL}/repos/${GITHUB_REPOSITORY}/issues/${path}`, {
    method,
    headers: { accept: 'application/vnd.github+json', authorization: `Bearer ${GITHUB_TOKEN}` },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`GitHub answered ${response.status} to ${method} ${path}`);
  return response.json();
}

/**
 * The comment of that name that a workflow has written; a person may have quoted one.
 *
 * @param {number} number
 */
async function known(number) {
  for (let page = 1; ; page += 1) {
    const comments = await ask(`${number}/comments?per_page=${PER_PAGE}&page=${page}`, 'GET');
    const found = comments.find(
      (/** @type {{ body: string, user?: { type: string } }} */ { body, user }) =>
        user?.type === 'Bot' && body.startsWith(mark),
    );
    if (found !== undefined || comments.length < PER_PAGE) return found;
  }
}

const event = JSON.parse(readFileSync(GITHUB_EVENT_PATH, 'utf8'));
const number = event.pull_request?.number;
if (number === undefined) {
  console.log('This run is for no pull request: no comment is written.');
} else {
  try {
    const body = bodyOf(readFileSync(file, 'utf8'));
    const comment = await known(number);
    await (comment === undefined
      ? ask(`${number}/comments`, 'POST', { body })
      : ask(`comments/${comment.id}`, 'PATCH', { body }));
  } catch (error) {
    console.log(`::warning::the pull request was not commented on: ${error instanceof Error ? error.message : error}`);
  }
}
