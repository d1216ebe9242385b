import type { VideoInfo } from '../schema/video.js';
import type { WatchedPictures } from '../schema/watched.js';

/** Luma of black and of white in what `watchChains` measures. */
const [BLACK, WHITE] = [16, 235];

/** Reads what the filters of `watchChains` write: for each value a line that tells the picture, and one with the value. */
export class WatchLog {
  readonly pictures: WatchedPictures = { timesS: [], luma: [], change: [], black: [], blur: [] };
  private timeS = 0;
  private black = false;

  constructor(private readonly video: Pick<VideoInfo, 'timeBase' | 'firstPts'>) {}

  /** Takes one line; answers whether it was one of theirs. */
  add(line: string): boolean {
    const pts = /^frame:\d+ +pts:(-?\d+|NOPTS) /.exec(line)?.[1];
    if (pts !== undefined) {
      const { timeBase, firstPts } = this.video;
      this.timeS = ((Number(pts) - firstPts) * timeBase.num) / timeBase.den;
      return true;
    }
    const value = /^lavfi\.(signalstats\.YAVG|signalstats\.YDIF|black_start|black_end|blur)=(.*)$/.exec(line);
    if (value === null) return false;
    this.take(value[1] ?? '', Number(value[2]));
    return true;
  }

  private take(key: string, value: number): void {
    const { timesS, luma, change, black, blur } = this.pictures;
    switch (key) {
      case 'signalstats.YAVG':
        timesS.push(this.timeS);
        luma.push(Math.min(1, Math.max(0, (value - BLACK) / (WHITE - BLACK))));
        change.push(0);
        black.push(this.black);
        break;
      case 'signalstats.YDIF':
        change[change.length - 1] = value / (WHITE - BLACK);
        break;
      case 'blur':
        // Without any edge it is a division by zero.
        blur.push({ timeS: this.timeS, width: Number.isFinite(value) ? value : 0 });
        break;
      default:
        this.black = key === 'black_start';
        black[black.length - 1] = this.black;
    }
  }
}
