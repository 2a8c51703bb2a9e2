using Gongji.Api.Endpoints;

namespace Gongji.Api.Http;

/// <summary>What answers GET can be asked with HEAD too.</summary>
internal static class HeadRequests
{
    private static readonly HttpMethodMetadata GetAndHead = new([HttpMethods.Get, HttpMethods.Head]);

    /// <summary>Load balancers and monitors ask so. The endpoint answers as always; the server leaves the body out.</summary>
    public static TBuilder TakesHead<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoint.Finally(AddHead);
        return endpoint;
    }

    /// <summary>The same of every endpoint of a group that answers GET (RFC 9110, 9.3.2). A stream that never ends has no answer without a body.</summary>
    public static RouteGroupBuilder TakesHeadForGet(this RouteGroupBuilder group)
    {
        ((IEndpointConventionBuilder)group).Finally(static builder =>
        {
            bool isGet = builder.Metadata.OfType<IHttpMethodMetadata>().LastOrDefault()?.HttpMethods is [var method] && HttpMethods.IsGet(method);
            if (isGet && !builder.Metadata.OfType<IEndpointNameMetadata>().Any(static name => name.EndpointName == EventEndpoints.Operation))
            {
                AddHead(builder);
            }
        });
        return group;
    }

    private static void AddHead(EndpointBuilder builder)
    {
        foreach (object methods in builder.Metadata.Where(item => item is IHttpMethodMetadata).ToArray())
        {
            builder.Metadata.Remove(methods);
        }

        builder.Metadata.Add(GetAndHead);
    }
}
