/* Generated from schema/ by `npm run generate`. Do not edit. */
import type { Validator } from './validator.js';
export const validate: Validator;
