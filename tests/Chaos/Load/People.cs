namespace Gongji.Chaos.Load;

/// <summary>The people whose money moves, in four regions of two provinces.</summary>
internal static class People
{
    private const string OpenRules = """
        "live":{"sameRegion":true,"inProvince":true,"crossProvince":true},"maxTransfersPerDay":1000000,"closedFrom":"00:00","closedUntil":"00:00"
        """;

    private static readonly string[] Regions = ["320500", "320100", "410100", "410300"];

    public static IReadOnlyList<string> All { get; } =
        [.. Enumerable.Range(0, ChaosLimits.Persons).Select(index => string.Create(CultureInfo.InvariantCulture, $"chaos-{index}"))];

    /// <summary>Those who pay for care. No transfers involve them or their relatives.</summary>
    public static IReadOnlyList<string> Payers { get; } =
        [.. Enumerable.Range(0, ChaosLimits.Families).Select(index => string.Create(CultureInfo.InvariantCulture, $"payer-{index}"))];

    /// <summary>All members of the payers' families.</summary>
    public static IReadOnlyList<string> Families { get; } = [.. Payers.SelectMany(FamilyOf)];

    public static IReadOnlyList<string> Everybody { get; } = [.. All, .. Families];

    /// <summary>A payer and the relatives whose money pays when the payer's own is not enough.</summary>
    public static string[] FamilyOf(string payer) => [payer, "near-" + payer, "rich-" + payer];

    /// <summary>A person's initial credit, in fen. Payers and their near relatives get so little that payments take money from three accounts.</summary>
    public static long FirstCreditFen(string person) => person.StartsWith("payer-", StringComparison.Ordinal) || person.StartsWith("near-", StringComparison.Ordinal)
        ? ChaosLimits.FirstCreditFen / 100
        : ChaosLimits.FirstCreditFen;

    /// <summary>Whether a person accepts every transfer by hand.</summary>
    public static bool AcceptsByHand(string person) => Index(person) % 3 == 0;

    public static string Pick(Random random) => All[random.Next(All.Count)];

    public static string PickOther(Random random, string person)
    {
        string other;
        do
        {
            other = Pick(random);
        }
        while (other == person);
        return other;
    }

    /// <summary>Puts regions live and creates people with open wallets; their first money comes by ordinary credits.</summary>
    public static async Task SetUpAsync(Caller caller)
    {
        foreach (string region in Regions)
        {
            Expect(200, await caller.PutAsync($"/v1/regions/{region}", $$"""{"name":"R{{region}}","rules":{ {{OpenRules}} } }"""));
        }

        await Parallel.ForEachAsync(All, new ParallelOptions { MaxDegreeOfParallelism = ChaosLimits.Clients }, async (person, _) =>
        {
            string region = Regions[Index(person) % Regions.Length];
            Expect(200, await caller.PutAsync($"/v1/persons/{person}", $$"""{"region":"{{region}}","insurance":"employee","status":"active"}"""));
            string byItself = AcceptsByHand(person) ? "false" : "true";
            Expect(200, await caller.PostAsync($"/v1/persons/{person}/wallet", $$"""{"usePlace":"{{region}}","autoAccept":{{byItself}}}"""));
        });
    }

    /// <summary>Creates the payers' families: each in its own regions, with relations that both sides consent to.</summary>
    public static Task SetUpFamiliesAsync(Caller caller) => Parallel.ForEachAsync(Payers, new ParallelOptions { MaxDegreeOfParallelism = ChaosLimits.Clients }, async (payer, _) =>
    {
        string[] family = FamilyOf(payer);
        for (int member = 0; member < family.Length; member++)
        {
            string region = Regions[(payer.Length + payer[^1] + member) % Regions.Length];
            Expect(200, await caller.PutAsync($"/v1/persons/{family[member]}", $$"""{"region":"{{region}}","insurance":"employee","status":"active"}"""));
        }

        foreach (string giver in family[1..])
        {
            Expect(200, await caller.PutAsync($"/v1/relations/{giver}/{payer}", """{"kinship":"parent"}"""));
            Expect(200, await caller.PostAsync($"/v1/relations/{giver}/{payer}/consent", string.Empty));
        }
    });

    private static int Index(string person) => int.Parse(person.AsSpan("chaos-".Length), CultureInfo.InvariantCulture);

    private static void Expect(int status, Answer answer)
    {
        if (answer.Status != status)
        {
            throw new ChaosException($"Setting up expected {status} and got {answer}");
        }
    }
}
