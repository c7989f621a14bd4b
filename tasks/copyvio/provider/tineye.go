package provider

const tineyeEndpoint = "https://api.tineye.com/rest/"
