/** /assets/face: the colour and the logo of each municipality that has its own (R58). */
import type { FastifyInstance } from 'fastify';
import { type Face, faceStyle } from '../../templates/index.ts';

/** What a municipality's look is made of, read at the start. */
export interface FaceParts {
  readonly id: string;
  /** #rrggbb */
  readonly colour: string | null;
  readonly logo: { readonly type: string; readonly content: Buffer } | null;
  readonly wording: Face['wording'];
}

/** What the pages of this municipality carry. */
export function faceOf({ id, colour, logo, wording }: FaceParts): Face {
  return {
    stylesheet: colour === null ? null : `/assets/face/${id}.css`,
    logo: logo === null ? null : `/assets/face/${id}`,
    wording,
  };
}

export function faceRoutes(server: FastifyInstance, faces: readonly FaceParts[]): void {
  for (const face of faces) {
    const { stylesheet, logo } = faceOf(face);
    const answer = (path: string, type: string, content: string | Buffer): void => {
      server.get(path, async (_, reply) =>
        reply.header('cache-control', 'public, max-age=3600').type(type).send(content),
      );
    };
    if (stylesheet) answer(stylesheet, 'text/css; charset=utf-8', faceStyle(face.colour!));
    if (logo) answer(logo, face.logo!.type, face.logo!.content);
  }
}
