use serde::Deserialize;

/// Defines an enum of WeChat's words. A word that this crate does not know is kept, so that it fails no response.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
        #[serde(from = "String")]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)*
            /// A word that is newer than this crate.
            Unknown(String),
        }

        impl From<String> for $name {
            fn from(word: String) -> Self {
                match word.as_str() { $($word => Self::$variant,)* _ => Self::Unknown(word) }
            }
        }

        impl $name {
            /// WeChat's word.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self { $(Self::$variant => $word,)* Self::Unknown(word) => word }
            }
        }
    };
}

words! {
    /// The state of a complaint, `complaint_state`.
    ///
    /// ```
    /// use wechat::pay::v3::ComplaintState;
    ///
    /// assert_eq!(ComplaintState::from("PENDING".to_owned()), ComplaintState::Pending);
    /// assert_eq!(ComplaintState::from("LATER".to_owned()).as_str(), "LATER");
    /// ```
    ComplaintState {
        /// The merchant has not replied yet.
        Pending = "PENDING",
        /// The merchant has replied.
        Processing = "PROCESSING",
        /// It has ended. The shopper may continue it.
        Processed = "PROCESSED",
    }
}

words! {
    /// What a complaint is about, `problem_type`.
    ProblemKind {
        /// The shopper wants a refund. Only such a complaint has a refund progress.
        Refund = "REFUND",
        /// A bought service does not work.
        ServiceNotWork = "SERVICE_NOT_WORK",
        /// Something else.
        Others = "OTHERS",
    }
}

words! {
    /// What WeChat knows about the shopper, `user_tag_list`.
    UserTag {
        /// A trusted shopper.
        Trusted = "TRUSTED",
        /// A complaint with a high risk.
        HighRisk = "HIGH_RISK",
    }
}

words! {
    /// The kind of pictures, `media_type`.
    MediaKind {
        /// The shopper's pictures of the complaint.
        UserComplaintImage = "USER_COMPLAINT_IMAGE",
        /// Pictures of a negotiation entry.
        OperationImage = "OPERATION_IMAGE",
    }
}

words! {
    /// The kind of a negotiation entry, `operate_type`. The misspelled words are WeChat's own.
    NegotiationKind {
        /// The shopper complained.
        UserCreateComplaint = "USER_CREATE_COMPLAINT",
        /// The shopper continued the complaint.
        UserContinueComplaint = "USER_CONTINUE_COMPLAINT",
        /// The shopper wrote.
        UserResponse = "USER_RESPONSE",
        /// WeChat wrote.
        PlatformResponse = "PLATFORM_RESPONSE",
        /// The merchant wrote.
        MerchantResponse = "MERCHANT_RESPONSE",
        /// The merchant said that it is done.
        MerchantConfirmComplete = "MERCHANT_CONFIRM_COMPLETE",
        /// The merchant approved the refund.
        MerchantApproveRefund = "MERCHANT_APPROVE_REFUND",
        /// The merchant refused the refund.
        MerchantRefuseRefund = "MERCHANT_REFUSE_RERUND",
        /// The shopper confirmed the complaint.
        UserConfirmComplaint = "USER_COMFIRM_COMPLAINT",
    }
}

words! {
    /// What a notification reports, `action_type`.
    ComplaintAction {
        /// The shopper complained.
        CreateComplaint = "CREATE_COMPLAINT",
        /// The shopper continued the complaint.
        ContinueComplaint = "CONTINUE_COMPLAINT",
        /// The shopper wrote.
        UserResponse = "USER_RESPONSE",
        /// WeChat wrote.
        ResponseByPlatform = "RESPONSE_BY_PLATFORM",
        /// The merchant refunded the order.
        SellerRefund = "SELLER_REFUND",
        /// The merchant wrote.
        MerchantResponse = "MERCHANT_RESPONSE",
        /// The merchant said that it is done.
        MerchantConfirmComplete = "MERCHANT_CONFIRM_COMPLETE",
        /// The shopper asked WeChat to step in.
        UserApplyPlatformService = "USER_APPLY_PLATFORM_SERVICE",
        /// The shopper no longer asks WeChat to step in.
        UserCancelPlatformService = "USER_CANCEL_PLATFORM_SERVICE",
        /// WeChat has finished its part.
        PlatformServiceFinished = "PLATFORM_SERVICE_FINISHED",
        /// The merchant approved the refund.
        MerchantApproveRefund = "MERCHANT_APPROVE_REFUND",
        /// The merchant refused the refund.
        MerchantRejectRefund = "MERCHANT_REJECT_REFUND",
        /// The refund has arrived.
        RefundSuccess = "REFUND_SUCCESS",
    }
}
