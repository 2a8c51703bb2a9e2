using System.Reflection;
using Gongji.Api.Http;
using Gongji.Api.Signing;

namespace Gongji.Api.Endpoints;

/// <summary>A page that says what this is and where to go from here.</summary>
internal static class HomePage
{
    private static readonly byte[] Html = Load();

    public static void MapHome(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/", (HttpContext http) =>
        {
            http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'";
            return TypedResults.Bytes(Html, "text/html; charset=utf-8");
        }).By(CallRule.Open).TakesHead().ExcludeFromDescription();

    private static byte[] Load()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("home.html")
            ?? throw new InvalidOperationException("The build left home.html out.");
        using MemoryStream bytes = new();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
