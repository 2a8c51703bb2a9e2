using Gongji.Api.Endpoints;

namespace Gongji.Api.Http;

/// <summary>Lets endpoints that answer GET also answer HEAD.</summary>
internal static class HeadRequests
{
    private static readonly HttpMethodMetadata GetAndHead = new([HttpMethods.Get, HttpMethods.Head]);

    /// <summary>For load balancers and monitors, which use HEAD. The endpoint answers as usual; the server omits the body.</summary>
    public static TBuilder TakesHead<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoint.Finally(AddHead);
        return endpoint;
    }

    /// <summary>The same for every GET endpoint of a group (RFC 9110, 9.3.2), except streams that never end: those have no answer without a body.</summary>
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
