/** A picture or clip kept to justify a verdict, or the reason why there is no clip. */
export interface EvidenceItem {
  kind: 'frame' | 'clip' | 'no clip';
  /** Sample shown, or the first one that the clip is about. */
  sample: number;
  /** Seconds from the first frame. */
  startS: number;
  /** Seconds from the first frame; for a frame equal to `startS`. */
  endS: number;
  /** 0 where there is no picture. */
  widthPx: number;
  heightPx: number;
  /** `image/jpeg`, `video/mp4`, `video/webm`, or `text/plain` for a reason. */
  contentType: string;
  /** SHA-256 of the blob, hexadecimal. */
  digest: string;
}
