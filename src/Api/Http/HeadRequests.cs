namespace Gongji.Api.Http;

/// <summary>What answers GET can be asked with HEAD too.</summary>
internal static class HeadRequests
{
    private static readonly HttpMethodMetadata GetAndHead = new([HttpMethods.Get, HttpMethods.Head]);

    /// <summary>Load balancers and monitors ask so. The endpoint answers as always; the server leaves the body out.</summary>
    public static TBuilder TakesHead<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoint.Finally(static builder =>
        {
            foreach (object methods in builder.Metadata.Where(item => item is IHttpMethodMetadata).ToArray())
            {
                builder.Metadata.Remove(methods);
            }

            builder.Metadata.Add(GetAndHead);
        });
        return endpoint;
    }
}
