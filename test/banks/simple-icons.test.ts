import sharp from 'sharp';
import { starterImages, UnknownMarkError } from '../../src/banks/simple-icons.js';

describe('marks of simple-icons', () => {
  it('are pictures with transparency, by their names', async () => {
    const images = await starterImages(['github', 'debian']);
    expect(images.map(({ name }) => name)).toEqual(['github', 'debian']);
    for (const { png } of images) {
      const { width, height, hasAlpha, format } = await sharp(png).metadata();
      expect({ width, height, hasAlpha, format }).toEqual({ width: 512, height: 512, hasAlpha: true, format: 'png' });
      const { channels } = await sharp(png).stats();
      // Something is drawn, and something is left out.
      expect(channels[3]).toMatchObject({ min: 0, max: 255 });
    }
  });

  it('that are not there are named, with what they may be', async () => {
    const asked = starterImages(['github', 'githup']);
    await expect(asked).rejects.toThrow(UnknownMarkError);
    await expect(asked).rejects.toThrow(/no mark called githup; is it .*github/);
  });
});
