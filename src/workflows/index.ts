export { moderateImage } from './moderate-image.js';
export { moderateVideo } from './moderate-video.js';
export { notifyDestination } from './notify-destination.js';
export { purgeEnded } from './purge-ended.js';
export { reviewTask } from './review-task.js';
