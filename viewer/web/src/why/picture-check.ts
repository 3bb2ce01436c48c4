// The check that only the events themselves answer: does the recording hold all that it shows?

import { isDamaged, readBatches } from "../api/batches";
import type { Check, Identity, Why } from "../api/types";
import { missingPicture } from "../missing/told";
import { Recording } from "../recording/recording";

/** Larger sessions are not read for it: their own page says it once they are played. */
const MAX_BYTES = 20_000_000;

export class PictureCheck {
  /** How many batches it was made from. */
  private batches = 0;
  private missing: string | null = null;

  constructor(private readonly identity: Identity) {}

  /** The check as the events answer it; as it was where they are too many, or not there. */
  async answer(check: Check, { sequences, decoded_bytes }: Why): Promise<Check> {
    if (sequences === 0 || decoded_bytes > MAX_BYTES) return check;
    if (sequences !== this.batches) {
      const recording = new Recording();
      for await (const batch of readBatches(this.identity)) if (!isDamaged(batch)) recording.add(batch);
      this.missing = missingPicture(recording.missing);
      this.batches = sequences;
    }
    const { missing } = this;
    return missing ? { ...check, state: "problem", message: missing } : { ...check, state: "fine", message: "The recording holds the canvases, images and style sheets that it shows.", fix: null };
  }
}
