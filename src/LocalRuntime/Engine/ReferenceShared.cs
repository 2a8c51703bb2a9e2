namespace Gongji.LocalRuntime.Engine;

/// <summary>What all references of one interface, made by one factory, share.</summary>
internal sealed record ReferenceShared(GrainFactory Factory, Type Interface, GrainClass Class)
{
    private readonly ConstructorInvoker _constructor = ConstructorInvoker.Create(ProxyEmitter.ProxyOf(Interface).GetConstructors()[0]);

    internal GrainReference Reference(GrainId grainId) => ((GrainReference)_constructor.Invoke()).Bind(this, grainId);
}
