import type { Look } from '../analysers.js';
import { chromaOf } from './chroma.js';
import { featureMark, findFeatures, type FeatureMark } from './feature-matcher.js';
import { featureFinder } from './features.js';
import { flatMark, type FlatMark } from './flat-mark.js';
import { CHROMA_LEVELS, FlatMatcher, LUMA_LEVELS } from './flat-matcher.js';
import { greyOf, type Grey } from './grey.js';
import { loadOpenCv } from './opencv.js';
import { projected } from './projection.js';
import { boxAround, type Sighting } from './sighting.js';
import { unpackTemplates, type Templates } from './templates.js';

/** Longest side of frames that are searched, in pixels: a mark of 6 % of the height of a wide picture still has 32. */
const FRAME_PX = 960;
/** The same for colour, which most videos hold at half the size, and which is looked at for marks that are as bright as what is behind them. */
const CHROMA_PX = 640;
/** Features of a frame, and of a picture of a bank at each of its sizes. */
const FRAME_FEATURES = 1500;
const TEMPLATE_FEATURES = 200;
/** Correlation of brightness that both ways of looking ask for. */
const LEAST_FLAT = 0.82;
const LEAST_TEXTURED = 0.5;
/** Sightings that score less are not told. */
const LEAST_SCORE = 0.6;
/** Standard deviation of brightness below which a frame shows nothing at all. */
const BLANK = 3;

/** What finds these pictures in frames. OpenCV is loaded when there is one that only features can find. */
export async function loadEmblems(templates: Templates): Promise<Look<'emblems'>> {
  const greys = unpackTemplates(templates);
  const flats = greys.map(flatMark);
  const searchByForm = searchFlat(flats);
  const rest = greys.flatMap((grey, template) => (flats[template] === undefined ? [{ grey, template }] : []));
  const searchByFeatures = rest.length > 0 ? await searchTextured(rest) : () => [];
  return (picture) => {
    const grey = greyOf(picture, FRAME_PX);
    const found = isBlank(grey) ? [] : [...searchByForm(grey, LUMA_LEVELS), ...searchByFeatures(grey)];
    if (flats.every((flat) => flat === undefined)) return Promise.resolve(found);
    const colours = chromaOf(picture, CHROMA_PX).filter((plane) => !isBlank(plane));
    return Promise.resolve([...found, ...colours.flatMap((plane) => searchByForm(plane, CHROMA_LEVELS))]);
  };
}

function searchFlat(flats: readonly (FlatMark | undefined)[]): (grey: Grey, levels: readonly number[]) => Sighting[] {
  const marks = flats.flatMap((flat, template) => (flat === undefined ? [] : [{ flat, template }]));
  const matcher = new FlatMatcher(marks.map(({ flat }) => flat));
  return (grey, levels) =>
    matcher.find(grey, levels, LEAST_FLAT).flatMap(({ mark, map, correlation, edges }) => {
      const found = marks[mark];
      if (found === undefined || edges < LEAST_SCORE) return [];
      const [across, down] = [found.flat.width / 2, found.flat.height / 2];
      const corners = [
        [-across, -down],
        [across, -down],
        [across, down],
        [-across, down],
      ].map(([x = 0, y = 0]) => projected(map, x, y));
      return [sighting(found.template, edges, correlation, corners, grey)];
    });
}

async function searchTextured(rest: readonly { grey: Grey; template: number }[]): Promise<(grey: Grey) => Sighting[]> {
  const { cv } = await loadOpenCv();
  const ofTemplate = featureFinder(cv, TEMPLATE_FEATURES);
  const ofFrame = featureFinder(cv, FRAME_FEATURES);
  const marks: (FeatureMark & { template: number })[] = rest.flatMap(({ grey, template }) => {
    const mark = featureMark(grey, ofTemplate);
    return mark === undefined ? [] : [{ ...mark, template }];
  });
  return (grey) => {
    if (marks.length === 0) return [];
    return findFeatures(cv, marks, grey, ofFrame(grey)).flatMap(({ mark, corners, inliers, correlation }) => {
      const found = marks[mark];
      const score = inliers / (inliers + 5);
      if (found === undefined || correlation < LEAST_TEXTURED || score < LEAST_SCORE) return [];
      return [sighting(found.template, score, correlation, corners, grey)];
    });
  };
}

function sighting(
  template: number,
  score: number,
  correlation: number,
  corners: readonly { x: number; y: number }[],
  { widthPx, heightPx }: Grey,
): Sighting {
  return {
    template,
    score: rounded(Math.min(1, score)),
    distance: rounded(1 - correlation),
    box: boxAround(corners, widthPx, heightPx),
  };
}

function isBlank({ data }: Grey): boolean {
  let [sum, squares] = [0, 0];
  for (const value of data) {
    sum += value;
    squares += value * value;
  }
  return squares / data.length - (sum / data.length) ** 2 < BLANK ** 2;
}

const rounded = (value: number): number => Math.round(value * 1e6) / 1e6;
