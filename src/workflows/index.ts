export { moderateVideo } from './moderate-video.js';
export { reviewTask } from './review-task.js';
