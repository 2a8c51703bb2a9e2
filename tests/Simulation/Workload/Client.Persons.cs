using System.Globalization;
using Gongji.Grains;
using Gongji.Grains.Messages;
using Gongji.Simulation.Oracle;

namespace Gongji.Simulation.Workload;

/// <summary>The operations that move no money, and queries.</summary>
internal sealed partial class Client
{
    public Task RegisterAsync() => RegisterAsync(_prng.Chance(0.9) ? _world.PickPerson(_prng) : "q" + _prng.Next(50).ToString(CultureInfo.InvariantCulture));

    public Task MoveAsync()
    {
        string region = _prng.Chance(0.05) ? World.UnknownRegion : World.PickRegion(_prng);
        string person = _world.PickPerson(_prng);
        ModelVersion now = _oracle.Model.AccountOf(person).Current;
        string? from = !_prng.Chance(0.5) ? null : _prng.Chance(0.2) || !now.IsRegistered ? World.PickRegion(_prng) : CodeOf(now.Region);
        return RegisterAsync(person, new RegisterPerson(region, NextInsurance(), InsuranceStatus.Active, from));
    }

    public async Task ChangeInsuranceAsync()
    {
        string person = _world.PickPerson(_prng);
        ModelVersion now = _oracle.Model.AccountOf(person).Current;
        string region = now.IsRegistered ? CodeOf(now.Region) : World.PickRegion(_prng);
        await RegisterAsync(person, new RegisterPerson(region, NextInsurance(), InsuranceStatus.Stopped));
        await PauseAsync(_prng.Between(0, 200) * TimeSpan.TicksPerMillisecond);
        await RegisterAsync(person, new RegisterPerson(region, NextInsurance(), InsuranceStatus.Active));
    }

    public Task OpenWalletAsync() => OpenWalletAsync(_world.PickPerson(_prng));

    public async Task PutRulesAsync()
    {
        string region = World.PickRegion(_prng);
        await PutRulesAsync(region, _world.NextRules(_prng));
        if (_prng.Chance(0.7))
        {
            await PutRulesAsync(region, _world.NextRules(_prng) with { Live = LiveTiers.All, MaxTransferFen = 200_000 });
        }
    }

    public Task AskTransferAsync()
    {
        Guid id = _world.Transfers.Count == 0 || _prng.Chance(0.05) ? _world.NewId() : _prng.Pick(_world.Transfers).Id;
        return GiveAsync(Guid.Empty, () =>
        {
            Attempt attempt = _oracle.Begin();
            return CallAsync(attempt, _grains.GetTransfer(id).GetAsync(id), reply => _oracle.EndQuestion(attempt, id, reply));
        });
    }

    public Task AskPersonAsync() => AskPersonAsync(_prng.Chance(0.95) ? _world.PickPerson(_prng) : "nobody");

    public Task AskPersonAsync(string person) => GiveAsync(Guid.Empty, () =>
    {
        Attempt attempt = _oracle.Begin(person);
        return CallAsync(attempt, PersonGrain(person).GetAsync(), reply => _oracle.EndPerson(attempt, person, reply));
    });

    public Task AskRegionAsync()
    {
        string region = _prng.Chance(0.1) ? World.UnknownRegion : World.PickRegion(_prng);
        return GiveAsync(Guid.Empty, () =>
        {
            Attempt attempt = _oracle.Begin();
            return CallAsync(attempt, _grains.GetGrain<IPoolingRegionGrain>(region).GetAsync(), reply => _oracle.EndRegion(attempt, region, reply));
        });
    }

    /// <summary>Before the run: sets up a typical person.</summary>
    public async Task SettleInAsync(string person, double walletChance)
    {
        await RegisterAsync(person);
        if (_prng.Chance(walletChance))
        {
            await OpenWalletAsync(person);
        }

        CreditPerson credit = new(_world.NewId(), _world.Round(_prng.Between(20_000, 2_000_000L)), "2026-02");
        await GiveAsync(credit.Id, () => AskAsync(person, credit));
    }

    public Task PutRulesAsync(string region, RulesRecord rules) => GiveAsync(Guid.Empty, () =>
    {
        PutRegion command = new(_world.NextName(region), rules);
        Attempt attempt = _oracle.Begin();
        return CallAsync(attempt, _grains.GetGrain<IPoolingRegionGrain>(region).PutAsync(command), reply => _oracle.EndRules(attempt, region, command, reply));
    });

    private Task RegisterAsync(string person) =>
        RegisterAsync(person, new RegisterPerson(World.PickRegion(_prng), NextInsurance(), _prng.Chance(0.01 * _world.Plan.Oddness) ? InsuranceStatus.Stopped : InsuranceStatus.Active));

    private Task RegisterAsync(string person, RegisterPerson command)
    {
        int region = int.Parse(command.Region, CultureInfo.InvariantCulture);
        int? from = command.FromRegion is { } stated ? int.Parse(stated, CultureInfo.InvariantCulture) : null;
        bool employee = command.Insurance == Insurance.Employee;
        bool active = command.Status == InsuranceStatus.Active;
        return GiveAsync(Guid.Empty, () =>
        {
            Attempt attempt = _oracle.Begin(person);
            return CallAsync(attempt, _grains.GetRelations().RegisterAsync(person, command), reply => _oracle.EndChange(
                attempt, person, "register", reply,
                version => version.Region == region && version.IsEmployee == employee && version.IsActive == active,
                version => command.Region == World.UnknownRegion ? RefusalCode.NoSuchRegion
                    : from is { } known && !version.IsRegistered && known != region ? RefusalCode.NoSuchPerson
                    : from is { } left && version.IsActive && version.Region != region && version.Region != left ? RefusalCode.AlreadyInsuredElsewhere
                    : version.IsRegistered && version.Region != region && version.OpenHolds > 0 ? RefusalCode.WrongState
                    : null));
        });
    }

    private Task OpenWalletAsync(string person)
    {
        OpenWallet command = new(_prng.Chance(0.02) ? World.UnknownRegion : World.PickRegion(_prng), _prng.Chance(_world.Plan.AutoAccept), NextRelative());
        int place = int.Parse(command.UsePlace, CultureInfo.InvariantCulture);
        return GiveAsync(Guid.Empty, () =>
        {
            Attempt attempt = command.OpenedBy is null ? _oracle.Begin(person) : _oracle.Begin(person, command.OpenedBy);
            return CallAsync(attempt, PersonGrain(person).OpenWalletAsync(command), reply => _oracle.EndChange(
                attempt, person, "wallet", reply,
                version => version.HasWallet && version.UsePlace == place && version.AutoAccepts == command.AutoAccept,
                version => command.UsePlace == World.UnknownRegion ? RefusalCode.NoSuchRegion
                    : !version.IsRegistered || (reply.Code == RefusalCode.NoSuchPerson && IsUnknown(command.OpenedBy, attempt)) ? RefusalCode.NoSuchPerson
                    : !version.IsActive ? RefusalCode.NotInsured
                    : command.OpenedBy == person ? RefusalCode.SamePerson
                    : null));
        });
    }

    /// <summary>Whether the relative who opens a wallet was still unknown when that was requested.</summary>
    private bool IsUnknown(string? relative, Attempt attempt) => relative is not null && !_oracle.Model.AccountOf(relative).Versions[attempt.PayeeFrom].IsRegistered;

    /// <summary>The relative who opens a wallet for somebody: usually nobody, otherwise usually a known person.</summary>
    private string? NextRelative()
    {
        if (!_prng.Chance(0.2))
        {
            return null;
        }

        string relative = _prng.Chance(0.02) ? "nobody" : _world.PickPerson(_prng);
        return _oracle.Model.AccountOf(relative).Current.IsRegistered || _prng.Chance(0.1) ? relative : null;
    }

    private Insurance NextInsurance() => _prng.Chance(0.05 * _world.Plan.Oddness) ? Insurance.Resident : Insurance.Employee;

    private static string CodeOf(int region) => region.ToString("D6", CultureInfo.InvariantCulture);
}
