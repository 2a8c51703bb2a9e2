using System.CommandLine;
using System.Globalization;
using System.Text.RegularExpressions;
using Gongji.Api.Commands;
using Gongji.Api.Http;
using Gongji.Api.Tests.Support;

namespace Gongji.Api.Tests;

/// <summary>Compares what deploy/ passes to the program, and says about it, with the program and the files that exist.</summary>
public sealed partial class DeployTests
{
    private const string Unit = "deploy/systemd/gongji.service";
    private const string EnvironmentFile = "deploy/systemd/gongji.env";
    private const string Compose = "deploy/compose.yaml";
    private const string Kubernetes = "deploy/kubernetes";

    private static IReadOnlyList<string> Silos { get; } = [.. ComposeFile["services"].Keys.Where(name => name.StartsWith("silo-", StringComparison.Ordinal))];

    private static YamlPart ComposeFile => Assert.Single(DeployFile.Documents(Compose));

    private static YamlPart StatefulSet => Assert.Single(DeployFile.Documents($"{Kubernetes}/silos.yaml"));

    private static YamlPart Container => Assert.Single(StatefulSet.At("spec.template.spec.containers").Items);

    /// <summary>Every way in which the program is started, with the seconds that it gets to stop.</summary>
    public static TheoryData<string, string[], int> Starts()
    {
        TheoryData<string, string[], int> starts = [];
        foreach (string silo in Silos)
        {
            YamlPart service = ComposeFile["services"][silo];
            starts.Add($"{Compose} {silo}", [.. service["command"].Texts], Seconds(service["stop_grace_period"].Text!));
        }

        starts.Add($"{Kubernetes}/silos.yaml", [.. Container["args"].Texts.Select(argument => Filled(argument).Replace("$(POD_IP)", "10.1.2.3", StringComparison.Ordinal))],
            StatefulSet.At("spec.template.spec.terminationGracePeriodSeconds").Number);
        string unit = DeployFile.Text(Unit);
        foreach (Match example in EnvironmentOptions().Matches(DeployFile.Text(EnvironmentFile)))
        {
            string line = ExecStart().Match(unit).Groups["options"].Value.Replace("$GONGJI_OPTIONS", example.Groups["options"].Value, StringComparison.Ordinal);
            starts.Add($"{Unit}: {example.Value}", line.Split(' ', StringSplitOptions.RemoveEmptyEntries),
                int.Parse(Setting(unit, "TimeoutStopSec"), CultureInfo.InvariantCulture));
        }

        return starts;
    }

    [Theory]
    [MemberData(nameof(Starts))]
    public void A_start_has_options_of_the_program_keys_and_time_to_drain(string place, string[] arguments, int secondsToStop)
    {
        ParseResult parsed = ServeCommand.Create().Parse(arguments);

        Assert.True(parsed.Errors.Count == 0, $"{place}: {string.Join("; ", parsed.Errors.Select(error => error.Message))}");
        Assert.NotNull(parsed.GetValue<string>("--gateways"));
        TimeSpan stop = ApiLimits.ShutdownTimeout + ApiLimits.StopGrace + 2 * ApiLimits.JournalGrace;
        Assert.True(secondsToStop > parsed.GetValue<int>("--drain-delay") + stop.TotalSeconds, place);
        if (parsed.GetValue<string>("--postgres") is { } connection)
        {
            Assert.DoesNotContain("password", connection, StringComparison.OrdinalIgnoreCase);
            Assert.NotNull(parsed.GetValue<int?>("--silo-port"));
            Assert.NotEqual("127.0.0.1", parsed.GetValue<string>("--silo-address"));
        }
    }

    [Fact]
    public void Yaml_files_can_be_read()
    {
        string[] files = [.. DeployFile.All("*.yaml")];

        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.All(DeployFile.Documents(file), document => Assert.NotEmpty(document.Keys)));
    }

    [Fact]
    public void Paths_named_in_deploy_exist()
    {
        IEnumerable<string> missing =
            from file in DeployFile.All()
            from Match match in PathInFile().Matches(DeployFile.Text(file))
            let path = match.Groups["path"].Value.TrimEnd('/', '.')
            where !Path.Exists(Path.Combine(DeployFile.Root, path))
            select $"{file}: {path}";

        Assert.Empty(missing);
    }

    [Fact]
    public void What_the_image_is_built_from_exists()
    {
        string[] sent = [.. DeployFile.Text(".dockerignore").Split('\n').Where(line => line.StartsWith('!')).Select(line => line[1..])];

        Assert.Contains("deploy/publish", sent);
        Assert.All(sent, path => Assert.True(Path.Exists(Path.Combine(DeployFile.Root, path)), path));
        string program = $"{typeof(ServeCommand).Assembly.GetName().Name}.dll";
        Assert.Contains($"/{program}\"]", DeployFile.Text("deploy/Containerfile"), StringComparison.Ordinal);
        Assert.Contains($"/{program} ", ExecStart().Match(DeployFile.Text(Unit)).Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Silos_of_compose_have_an_address_and_a_place_for_temporary_files_each()
    {
        Assert.Equal(3, Silos.Count);
        YamlPart[] services = [.. Silos.Select(silo => ComposeFile["services"][silo])];

        Assert.All(services, service => Assert.Equal(After(service["command"].Texts, "--silo-address"), service.At("networks.silos.ipv4_address").Text));
        Assert.Equal(3, services.Select(service => service.At("networks.silos.ipv4_address").Text).Distinct().Count());
        Assert.Equal(3, services.Select(service => Assert.Single(service["volumes"].Texts)).Distinct().Count());
        Assert.All(services, service => Assert.StartsWith("127.0.0.1:", Assert.Single(service["ports"].Texts), StringComparison.Ordinal));
        Assert.All(services, service => Assert.Equal("always", service["restart"].Text));
        Assert.Equal("true", ComposeFile.At("networks.silos.internal").Text);
    }

    [Fact]
    public void Secrets_of_compose_are_where_the_program_looks_and_kept_out_of_the_repository()
    {
        foreach (YamlPart service in Silos.Select(silo => ComposeFile["services"][silo]))
        {
            Assert.Contains(After(service["command"].Texts, "--gateways"), service["secrets"].Texts.Select(name => $"/run/secrets/{name}"));
            Assert.Contains(service.At("environment.PGPASSFILE").Text, service["secrets"].Texts.Select(name => $"/run/secrets/{name}"));
        }

        Assert.All(ComposeFile["secrets"].Keys, name => Assert.Equal($"secrets/{name}", ComposeFile["secrets"][name]["file"].Text));
        Assert.Contains("\n*\n", DeployFile.Text("deploy/secrets/.gitignore"), StringComparison.Ordinal);
    }

    [Fact]
    public void Kustomization_has_every_manifest()
    {
        YamlPart kustomization = Assert.Single(DeployFile.Documents($"{Kubernetes}/kustomization.yaml"));

        Assert.Equal(
            DeployFile.All("*.yaml").Where(file => file.StartsWith($"{Kubernetes}/", StringComparison.Ordinal)).Select(Path.GetFileName).Where(file => file != "kustomization.yaml").Order(StringComparer.Ordinal),
            kustomization["resources"].Texts.Order(StringComparer.Ordinal));
        Assert.Contains(Container["image"].Text, kustomization["images"].Items.Select(image => image["name"].Text));
    }

    [Fact]
    public void Everything_in_kubernetes_selects_the_silos()
    {
        string labels = StatefulSet.At("spec.template.metadata.labels").Pairs;
        YamlPart[] services = [.. DeployFile.Documents($"{Kubernetes}/services.yaml")];
        YamlPart policy = Assert.Single(DeployFile.Documents($"{Kubernetes}/network.yaml"));

        Assert.NotEmpty(labels);
        Assert.Equal(labels, StatefulSet.At("spec.selector.matchLabels").Pairs);
        Assert.All(services, service => Assert.Equal(labels, service.At("spec.selector").Pairs));
        Assert.Equal(labels, Assert.Single(DeployFile.Documents($"{Kubernetes}/disruption.yaml")).At("spec.selector.matchLabels").Pairs);
        Assert.Equal(labels, policy.At("spec.podSelector.matchLabels").Pairs);
        Assert.All(StatefulSet.At("spec.template.spec.topologySpreadConstraints").Items, spread => Assert.Equal(labels, spread.At("labelSelector.matchLabels").Pairs));
        Assert.Contains(StatefulSet.At("spec.serviceName").Text, services.Select(service => service.At("metadata.name").Text));

        // Only silos may reach the silo port.
        YamlPart silo = Assert.Single(policy.At("spec.ingress").Items, rule => rule["ports"].Items.Any(port => port["port"].Text == "silo"));
        Assert.Equal(labels, Assert.Single(silo["from"].Items).At("podSelector.matchLabels").Pairs);
    }

    [Fact]
    public void Ports_probes_and_mounts_of_kubernetes_are_the_programs()
    {
        ParseResult parsed = ServeCommand.Create().Parse([.. Container["args"].Texts.Select(Filled)]);
        Dictionary<string, int> ports = Container["ports"].Items.ToDictionary(port => port["name"].Text!, port => port["containerPort"].Number);

        Assert.EndsWith($":{ports["api"]}", parsed.GetValue<string>("--urls"), StringComparison.Ordinal);
        Assert.Equal(ports["silo"], parsed.GetValue<int?>("--silo-port"));
        Assert.Equal("/health/ready", Container.At("readinessProbe.httpGet.path").Text);

        // When the store is unavailable, the silo is not ready; killing the silo would not bring the store back.
        Assert.Equal("/health/live", Container.At("livenessProbe.httpGet.path").Text);
        Assert.Equal("/health/live", Container.At("startupProbe.httpGet.path").Text);
        string[] mounts = [.. Container["volumeMounts"].Items.Select(mount => mount["mountPath"].Text!)];
        string passwords = Assert.Single(Container["env"].Items, variable => variable["name"].Text == "PGPASSFILE")["value"].Text!;
        Assert.Contains("/tmp", mounts);
        Assert.Contains(Path.GetDirectoryName(parsed.GetValue<string>("--gateways")), mounts);
        Assert.Contains(Path.GetDirectoryName(passwords), mounts);
        Assert.Equal(
            StatefulSet.At("spec.template.spec.volumes").Items.Select(volume => volume["name"].Text).Order(StringComparer.Ordinal),
            Container["volumeMounts"].Items.Select(mount => mount["name"].Text).Order(StringComparer.Ordinal));
    }

    /// <summary>The argument with the connection string that the kustomization sets.</summary>
    private static string Filled(string argument)
    {
        const string Postgres = "postgres=";
        YamlPart map = Assert.Single(Assert.Single(DeployFile.Documents($"{Kubernetes}/kustomization.yaml"))["configMapGenerator"].Items);
        string connection = Assert.Single(map["literals"].Texts, literal => literal.StartsWith(Postgres, StringComparison.Ordinal))[Postgres.Length..];
        return argument.Replace("$(POSTGRES)", connection, StringComparison.Ordinal);
    }

    private static string? After(IReadOnlyList<string> arguments, string option) => arguments.SkipWhile(argument => argument != option).ElementAtOrDefault(1);

    private static int Seconds(string period) => int.Parse(period.TrimEnd('s'), CultureInfo.InvariantCulture);

    private static string Setting(string unit, string name) => Assert.Single(unit.Split('\n'), line => line.StartsWith($"{name}=", StringComparison.Ordinal))[(name.Length + 1)..];

    [GeneratedRegex(@"^ExecStart=\S+ \S+\.dll (?<options>.*)$", RegexOptions.Multiline)]
    private static partial Regex ExecStart();

    [GeneratedRegex(@"^#?GONGJI_OPTIONS=(?<options>.*)$", RegexOptions.Multiline)]
    private static partial Regex EnvironmentOptions();

    [GeneratedRegex(@"(?<![\w/.$}])(?<path>(src|tests|docs|deploy)/[A-Za-z0-9_./-]+)")]
    private static partial Regex PathInFile();
}
