/** Lends what was stored by an earlier version the shape of today; what it could not say then was not there (decided 4). */
import type { Contract, Draft } from '../contract/contract.ts';
import type { Event } from '../contract/events.ts';

/** Before version 2 documents had no boxes to fill (R27), before version 3 warnings were codes and no more, before version 4 nobody declared anything. */
export function upcastEvent(event: Event, version: number): Event {
  if (version >= 3) return event;
  const older = version >= 2 ? event : upcastToBoxes(event);
  switch (older.type) {
    case 'ContractDrafted':
    case 'DraftCorrected':
      return { ...older, draft: withWarnings(older.draft) };
    default:
      return older;
  }
}

function upcastToBoxes(event: Event): Event {
  switch (event.type) {
    case 'ContractDrafted':
    case 'DraftCorrected':
      return { ...event, draft: { ...event.draft, documents: event.draft.documents.map(withBoxes) } };
    case 'ConsentGiven':
      return { ...event, filled: [] };
    default:
      return event;
  }
}

/** A row tells no version: it has the fields or not. */
export function upcastContract(contract: Contract): Contract {
  return {
    ...withWarnings(contract),
    holderChanges: contract.holderChanges ?? [],
    proposedChange: contract.proposedChange ?? null,
    questions: contract.questions ?? [],
    documents: contract.documents.map(withBoxes),
    steps: contract.steps.map((step) => ({
      ...step,
      consent: step.consent && { ...step.consent, filled: step.consent.filled ?? [] },
    })),
  };
}

function withWarnings<T extends { readonly warnings: readonly (Draft['warnings'][number] | string)[] }>(
  draft: T,
): T & { warnings: Draft['warnings'] } {
  const warnings = draft.warnings.map((warning) =>
    typeof warning === 'string' ? { code: warning, args: {} } : warning,
  );
  return { ...draft, warnings };
}

function withBoxes<T extends { readonly boxes?: Contract['documents'][number]['boxes'] }>(
  document: T,
): T & { boxes: Contract['documents'][number]['boxes'] } {
  return { ...document, boxes: document.boxes ?? [] };
}
