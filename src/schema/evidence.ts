/** A picture or clip kept to justify a verdict. */
export interface EvidenceItem {
  kind: 'frame' | 'clip';
  /** Sample shown, or the first one that the clip is about. */
  sample: number;
  /** Seconds from the first frame. */
  startS: number;
  /** Seconds from the first frame; for a frame equal to `startS`. */
  endS: number;
  widthPx: number;
  heightPx: number;
  /** `image/jpeg` or `video/mp4`. */
  contentType: string;
  /** SHA-256 of the blob, hexadecimal. */
  digest: string;
}
