export { moderateImage } from './moderate-image.js';
export { moderateVideo } from './moderate-video.js';
export { reviewTask } from './review-task.js';
