using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Gongji.Api.Signing;

namespace Gongji.Api.Endpoints;

/// <summary>The console: one page for those who watch. It asks this API like any other caller, and knows nothing that the API does not answer.</summary>
internal static class HomePage
{
    private static readonly string Html = Load();

    private static readonly byte[] Bytes = Encoding.UTF8.GetBytes(Html);

    /// <summary>
    /// The page's own script and style run and no others, whatever data it shows; it talks to this server only, and no text ever becomes markup.
    /// </summary>
    private static readonly string Policy =
        $"default-src 'none'; script-src {HashOf("script")}; style-src {HashOf("style")}; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";

    public static void MapHome(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", (HttpContext http) =>
        {
            http.Response.Headers.ContentSecurityPolicy = Policy;
            http.Response.Headers.CacheControl = "no-cache";
            return TypedResults.Bytes(Bytes, "text/html; charset=utf-8");
        }).By(CallRule.Open).ExcludeFromDescription();

        // Browsers ask for it by themselves; there is none, and a 404 would count among the answers that somebody watches.
        routes.MapGet("/favicon.ico", TypedResults.NoContent).By(CallRule.Open).ExcludeFromDescription();
    }

    /// <summary>The page, its lines ended as browsers end them before they hash: a checkout may have made others.</summary>
    private static string Load()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("home.html")
            ?? throw new InvalidOperationException("The build left home.html out.");
        using StreamReader reader = new(stream, Encoding.UTF8);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    /// <summary>What allows the page's only inline script or style.</summary>
    private static string HashOf(string element)
    {
        int from = Html.IndexOf($"<{element}>", StringComparison.Ordinal) + element.Length + 2;
        int to = Html.IndexOf($"</{element}>", StringComparison.Ordinal);
        return $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Html[from..to])))}'";
    }
}
