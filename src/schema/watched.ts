/** What was measured of every picture of a segment, in the order of time, sampled or not. */
export interface WatchedPictures {
  /** Seconds from the first frame of the video, ascending. */
  timesS: number[];
  /** Mean luma of each picture, 0 (black) to 1 (white), gamma-coded as it is. */
  luma: number[];
  /** Mean absolute difference of its luma from that of the picture before, 0–1; 0 for the first. */
  change: number[];
  /** Whether nearly all of it is black. */
  black: boolean[];
  /** Widths of its edges, in pixels of a small picture, at some of the instants; 0 where there is no edge. */
  blur: { timeS: number; width: number }[];
}
