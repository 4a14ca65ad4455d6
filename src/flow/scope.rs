//! VLANs and network identifiers, numbered.

use std::collections::HashMap;

use super::ScopeId;
use crate::decode::VlanIds;

/// Where a flow's addresses are valid: its VLANs and its VXLAN or GENEVE network.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Scope {
    /// VLAN ids, outermost first.
    pub vlans: VlanIds,
    /// VXLAN or GENEVE network identifier.
    pub vni: Option<u32>,
}

/// The scopes of a stream by number, so that a key holds two octets for them. Scopes beyond
/// [`Scopes::LIMIT`] share the last number; they are counted.
#[derive(Debug)]
pub struct Scopes {
    numbers: HashMap<Scope, ScopeId>,
    by_number: Vec<Scope>,
    /// Packets whose scope found no number of its own.
    pub hits: u64,
}

impl Default for Scopes {
    fn default() -> Self {
        let none = Scope::default();
        let numbers = HashMap::from([(none.clone(), ScopeId(0))]);
        Self { numbers, by_number: vec![none], hits: 0 }
    }
}

impl Scopes {
    /// Scopes that are told apart.
    pub const LIMIT: usize = 65_535;

    /// The number of a packet's scope.
    #[inline]
    pub fn number(&mut self, vlans: &VlanIds, vni: Option<u32>) -> ScopeId {
        if vlans.is_empty() && vni.is_none() { ScopeId(0) } else { self.look_up(vlans, vni) }
    }

    fn look_up(&mut self, vlans: &VlanIds, vni: Option<u32>) -> ScopeId {
        let scope = Scope { vlans: vlans.clone(), vni };
        if let Some(number) = self.numbers.get(&scope) {
            return *number;
        }
        let next = u16::try_from(self.by_number.len()).unwrap_or(u16::MAX);
        if self.by_number.len() > Self::LIMIT {
            self.hits += 1;
            return ScopeId(u16::MAX);
        }
        self.by_number.push(scope.clone());
        self.numbers.insert(scope, ScopeId(next));
        ScopeId(next)
    }

    /// The scope of a number.
    pub fn scope(&self, number: ScopeId) -> Scope {
        self.by_number.get(usize::from(number.0)).cloned().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_scopes_share_a_number_and_no_scope_is_zero() {
        let mut scopes = Scopes::default();
        let vlans: VlanIds = [12, 7].into_iter().collect();
        let number = scopes.number(&vlans, Some(5));
        assert_eq!(scopes.number(&vlans, Some(5)), number);
        assert_ne!(scopes.number(&vlans, None), number);
        assert_eq!(scopes.number(&VlanIds::new(), None), ScopeId(0));
        assert_eq!(scopes.scope(number), Scope { vlans, vni: Some(5) });
    }

    #[test]
    fn scopes_beyond_the_limit_share_a_number_and_are_counted() {
        let mut scopes = Scopes::default();
        for vni in 0..70_000 {
            scopes.number(&VlanIds::new(), Some(vni));
        }
        assert_eq!(scopes.hits, 70_000 - 65_535);
    }
}
