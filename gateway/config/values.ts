// The kinds of value a setting can hold, shared by the schema's parts.
import { z } from 'zod';
import { isMailAddress, normaliseAddress } from '../mail/address.ts';

/** Text that says something: an empty value is a mistake, not a choice. */
export const name = z.string().trim().min(1, 'must not be empty');

/** A mail address, normalised as everywhere else. */
export const address = z.string().transform(normaliseAddress).refine(isMailAddress, 'must be a mail address');

/** TCP port; 0 lets the system choose. */
export const port = z.int().min(0).max(65_535);

/** How many of something, at least one. */
export const count = z.int().min(1);

/** 1 MB (R37), in octets. */
export const MEBIBYTE = 1_048_576;

/** A size, at least one octet. */
export const octets = z.int().min(1);

/** A duration, at least one second. */
export const seconds = z.int().min(1);
