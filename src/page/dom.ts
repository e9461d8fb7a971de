/** Markup as data, made into the page's nodes. Texts become text nodes: nothing in them is ever markup. */
import type { Content } from '../report/html/element.ts';

const SVG = 'http://www.w3.org/2000/svg';

export function toNode(content: Content, inSvg = false): Node {
  if (content === undefined || content === false) return document.createTextNode('');
  if (typeof content !== 'object') return document.createTextNode(String(content));
  const { tag, attributes, children } = content;
  const svg = inSvg || tag === 'svg';
  const element = svg ? document.createElementNS(SVG, tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children.map((child) => toNode(child, svg)));
  return element;
}
