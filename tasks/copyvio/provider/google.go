package provider

const googleEndpoint = "https://vision.googleapis.com/v1/images:annotate"
