package provider

const yandexEndpoint = "https://searchapi.api.cloud.yandex.net/v2/image/search_by_image"
