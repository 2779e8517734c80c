/** Lends what was stored by an earlier version the shape of today; what it could not say then was not there (decided 4). */
import type { Contract } from '../contract/contract.ts';
import type { Event } from '../contract/events.ts';

/** Before version 2 documents had no boxes to fill (R27). */
export function upcastEvent(event: Event, version: number): Event {
  if (version >= 2) return event;
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
    ...contract,
    holderChanges: contract.holderChanges ?? [],
    proposedChange: contract.proposedChange ?? null,
    documents: contract.documents.map(withBoxes),
    steps: contract.steps.map((step) => ({
      ...step,
      consent: step.consent && { ...step.consent, filled: step.consent.filled ?? [] },
    })),
  };
}

function withBoxes<T extends { readonly boxes?: Contract['documents'][number]['boxes'] }>(
  document: T,
): T & { boxes: Contract['documents'][number]['boxes'] } {
  return { ...document, boxes: document.boxes ?? [] };
}
