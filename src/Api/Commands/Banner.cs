using Gongji.Api.Hosting;
using Gongji.Api.Signing;
using Gongji.Silo;

namespace Gongji.Api.Commands;

/// <summary>The text a process prints once it has started.</summary>
internal static class Banner
{
    public static string Of(IEnumerable<string> urls, ApiOptions options, DevelopmentGateway? development)
    {
        string first = urls.First();
        SiloOptions silo = options.Silo;
        string store = silo.PostgresConnectionString is null ? $"SQLite in {silo.DataDirectory}" : $"PostgreSQL at {PostgresPlace.Of(silo.PostgresConnectionString)}";
        string clock = silo.ClockStart is { } start ? $"\n  clock    starts at {start:yyyy-MM-dd'T'HH:mm:sszzz}; PUT /v1/clock moves it" : string.Empty;
        return $"""
            Gongji is up.
              address  {string.Join("  ", urls)}
              store    {store}
              runtime  {GongjiSilo.RuntimeName}{clock}
              signing  {SigningOf(options.Signing, development)}
            Try:       {TryOf(first, options.Signing, development)}
            Ctrl-C stops it; what was answered is kept.
            """;
    }

    private static string SigningOf(SigningOptions signing, DevelopmentGateway? development) =>
        signing.AcceptsUnsigned ? "OFF (--unsigned): every call is taken UNSIGNED, for anything, from this machine. Never where there is real money."
        : development is null ? $"on (RFC 9421), {signing.Gateways.Count} keys of {signing.GatewaysFile}"
        : $"""
            on (RFC 9421), with a development key for everything, on loopback only
                       key id  {development.Gateway.KeyId}
                       secret  {development.Secret}
                       kept in {development.File}
            """;

    private static string TryOf(string url, SigningOptions signing, DevelopmentGateway? development) =>
        signing.AcceptsUnsigned ? $"curl {url}/v1/regions/320500"
        : $"./run call GET /v1/regions/320500 --url {url} --key {development?.File ?? "KEYFILE"}";
}
