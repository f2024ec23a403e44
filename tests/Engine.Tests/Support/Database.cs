using System.Reflection;
using MedGenCluster.Services;
using Xunit.Sdk;

namespace MedGenCluster.Engine.Tests.Support;

/// <summary>Where a ledger of a test is.</summary>
public enum Database
{
    /// <summary>SQLite, in memory.</summary>
    Memory,

    /// <summary>SQLite, in a file.</summary>
    File,
    Postgres,
}

/// <summary>A case of a theory in PostgreSQL; skipped, with the reason, where there can be none.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class InPostgresAttribute : DataAttribute
{
    private readonly object[] _rest;

    public InPostgresAttribute(params object[] rest) => (_rest, Skip) = (rest, PostgresServer.Missing);

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [[Database.Postgres, .. _rest]];
}
