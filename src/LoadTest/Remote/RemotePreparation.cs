using System.Globalization;
using Gongji.Ledger;

namespace Gongji.LoadTest;

/// <summary>Prepares a running server for a load through its API: regions live, people registered with wallets and money, relations that allow draws.</summary>
internal sealed class RemotePreparation(RemoteServer server, RemotePeople people, TimeProvider time)
{
    private const int AtOnce = 64;
    private const int CreditsPerUpload = 1_000;

    /// <summary>Rules: live, never closed, with limits that nobody reaches.</summary>
    private const string Rules =
        "{\"live\":{\"sameRegion\":true,\"inProvince\":true,\"crossProvince\":true},\"kinships\":[\"spouse\",\"parent\",\"child\"],\"maxTransferFen\":200000,\"maxTransfersPerDay\":1000000,\"closedFrom\":\"00:00\",\"closedUntil\":\"00:00\"}";

    public async Task RunAsync(IProgress<int> progress, CancellationToken cancellationToken)
    {
        foreach (RegionCode region in Population.Regions)
        {
            await server.EnsureAsync(HttpMethod.Put, $"/v1/regions/{region}", $"{{\"name\":\"{RegionCatalogue.Regions[region].Name}\",\"rules\":{Rules}}}", cancellationToken);
        }

        int done = 0;
        await Parallel.ForAsync(0, people.Pairs, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (pair, token) =>
        {
            (int giver, int recipient) = (RemotePeople.GiverOf(pair), RemotePeople.RecipientOf(pair));
            foreach (int person in (int[])[giver, recipient])
            {
                string path = $"/v1/persons/{RemotePeople.NameOf(person)}";
                string region = RemotePeople.RegionOf(person).ToString();
                await server.EnsureAsync(HttpMethod.Put, path, $"{{\"region\":\"{region}\",\"insurance\":\"employee\",\"status\":\"active\"}}", token);
                await server.EnsureAsync(HttpMethod.Post, path + "/wallet", $"{{\"usePlace\":\"{region}\",\"autoAccept\":true}}", token);
            }

            string relation = $"/v1/relations/{RemotePeople.NameOf(giver)}/{RemotePeople.NameOf(recipient)}";
            await server.EnsureAsync(HttpMethod.Put, relation, "{\"kinship\":\"parent\"}", token);
            await server.EnsureAsync(HttpMethod.Post, relation + "/consent", null, token);
            progress.Report(Interlocked.Increment(ref done));
        });

        foreach (int[] persons in Enumerable.Range(0, 2 * people.Pairs).Chunk(CreditsPerUpload))
        {
            await server.CreditAsync(persons.Select(LineOf), cancellationToken);
        }
    }

    private string LineOf(int person) => string.Create(
        CultureInfo.InvariantCulture,
        $"{{\"person\":\"{RemotePeople.NameOf(person)}\",\"id\":\"{Guid.CreateVersion7(time.GetUtcNow())}\",\"amountFen\":{BenchLimits.RemoteCreditFen},\"period\":\"{BusinessTime.ToLocal(time.GetUtcNow()):yyyy-MM}\"}}");
}
