import type { Look } from '../analysers.js';
import { featureMark, findFeatures, type FeatureMark } from './feature-matcher.js';
import { featureFinder } from './features.js';
import { flatMark, type FlatMark } from './flat-mark.js';
import { FlatMatcher } from './flat-matcher.js';
import { greyOf, type Grey } from './grey.js';
import { loadOpenCv } from './opencv.js';
import { boxAround, type Sighting } from './sighting.js';
import { unpackTemplates, type Templates } from './templates.js';

/** Longest side of frames that are searched, in pixels: a mark of 6 % of the height of a wide picture still has 32. */
const FRAME_PX = 960;
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

/** One way to look at a frame. */
type Search = (grey: Grey) => Sighting[];

/** What finds these pictures in frames. OpenCV is loaded when there is one that only features can find. */
export async function loadEmblems(templates: Templates): Promise<Look<'emblems'>> {
  const greys = unpackTemplates(templates);
  const flats = greys.map(flatMark);
  const searches = [searchFlat(flats)];
  const rest = greys.flatMap((grey, template) => (flats[template] === undefined ? [{ grey, template }] : []));
  if (rest.length > 0) searches.push(await searchTextured(rest));
  return (picture) => {
    const grey = greyOf(picture, FRAME_PX);
    return Promise.resolve(isBlank(grey) ? [] : searches.flatMap((search) => search(grey)));
  };
}

function searchFlat(flats: readonly (FlatMark | undefined)[]): Search {
  const marks = flats.flatMap((flat, template) => (flat === undefined ? [] : [{ flat, template }]));
  const matcher = new FlatMatcher(marks.map(({ flat }) => flat));
  return (grey) =>
    matcher.find(grey, LEAST_FLAT).flatMap(({ mark, map, correlation, edges }) => {
      const found = marks[mark];
      if (found === undefined || edges < LEAST_SCORE) return [];
      const [across, down] = [found.flat.width / 2, found.flat.height / 2];
      const corners = [
        [-across, -down],
        [across, -down],
        [across, down],
        [-across, down],
      ].map(([x = 0, y = 0]) => ({ x: map.a * x + map.c * y + map.e, y: map.b * x + map.d * y + map.f }));
      return [sighting(found.template, edges, correlation, corners, grey)];
    });
}

async function searchTextured(rest: readonly { grey: Grey; template: number }[]): Promise<Search> {
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
